/** A tensor outside any framework: row-major float32 values. */
export interface NamedTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/**
 * A network's weights by name, in the layout of the file: convolutions OIHW (`[out, in, height, width]`, depthwise
 * `[channels, 1, height, width]`), linear layers `[out, in]`.
 */
export type TensorMap = ReadonlyMap<string, NamedTensor>

/** Number of values of a tensor of this shape; 1 for a scalar. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1)
