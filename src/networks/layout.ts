import type { Parameter } from './parameters.js'

/**
 * Shape that TensorFlow wants for a parameter: the file's convolutions [out, in, height, width] become
 * [height, width, in, out], depthwise ones [height, width, channels, 1], linear ones [in, out].
 */
export const tensorflowShape = ({ role, shape }: Parameter): number[] =>
  tensorflowAxes[role].map((axis) => shape[axis] ?? 1)

/** Values of a parameter as the file holds them, in the order of `tensorflowShape`. */
export const toTensorflow = (parameter: Parameter, data: Float32Array): Float32Array =>
  permute(data, parameter.shape, tensorflowAxes[parameter.role])

/** Values of a parameter as TensorFlow holds them, in the order of the file. */
export const fromTensorflow = (parameter: Parameter, data: Float32Array): Float32Array => {
  const axes = tensorflowAxes[parameter.role]
  return permute(data, tensorflowShape(parameter), invert(axes))
}

/** For each axis of TensorFlow's layout, the axis of the file's. */
const tensorflowAxes: Readonly<Record<Parameter['role'], readonly number[]>> = {
  conv: [2, 3, 1, 0],
  depthwise: [2, 3, 0, 1],
  linear: [1, 0],
  bias: [0],
}

const invert = (axes: readonly number[]): number[] => axes.map((_, axis) => axes.indexOf(axis))

/** Copies row-major values so that axis `i` of the result is axis `axes[i]` of the input. */
function permute(data: Float32Array, shape: readonly number[], axes: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((size, side) => size * side, 1))
  const outShape = axes.map((axis) => shape[axis] ?? 1)
  const outStrides = axes.map((axis) => strides[axis] ?? 1)
  const out = new Float32Array(data.length)
  const index = axes.map(() => 0)
  let source = 0
  for (let target = 0; target < out.length; target++) {
    out[target] = data[source] ?? 0
    for (let axis = index.length - 1; axis >= 0; axis--) {
      const side = outShape[axis] ?? 1
      const stride = outStrides[axis] ?? 1
      const next = (index[axis] ?? 0) + 1
      source += stride
      if (next < side) {
        index[axis] = next
        break
      }
      source -= side * stride
      index[axis] = 0
    }
  }
  return out
}
