/**
 * A small network in ONNX, encoded by hand (protobuf fields of onnx.proto3, IR version 8, opset 17), so that tests
 * need neither a trainer nor an exporter: input [N,3,S,S] -> average of each quarter [N,3,2,2] -> flatten [N,12] ->
 * linear [N,dimensions], not normalised. Near colours in near places give near embeddings.
 */
export interface TinyNetwork {
  readonly model: Uint8Array
  /** Holds the tensors; the model points at them by offset in a file named `weights.safetensors` beside it. */
  readonly weights: Uint8Array
}

export interface TinyNetworkOptions {
  /** Even side of the square input, in pixels. */
  readonly size: number
  readonly dimensions: number
  /** Decides the weights. */
  readonly seed?: number
  /** A batch size baked into the graph. */
  readonly fixedBatch?: number
}

export const tinyInput = 'image'
export const tinyOutput = 'embedding'
const features = 12

export function tinyNetwork(options: TinyNetworkOptions): TinyNetwork {
  const { size, dimensions, seed = 1, fixedBatch } = options
  const matrix = tinyMatrix(dimensions, seed)
  const { bytes: weights, start } = asSafetensors('linear/weight', [dimensions, features], matrix)
  const half = size / 2
  const batch = fixedBatch === undefined ? message(text(2, 'N')) : message(whole(1, fixedBatch))
  const graph = message(
    part(
      1,
      node('AveragePool', [tinyInput], 'pooled', [
        ints('kernel_shape', half, half),
        ints('strides', half, half),
      ]),
    ),
    part(1, node('Flatten', ['pooled'], 'flat', [int('axis', 1)])),
    part(1, node('Gemm', ['flat', 'weight'], tinyOutput, [int('transB', 1)])),
    text(2, 'tiny'),
    part(5, externalTensor('weight', [dimensions, features], start, matrix.byteLength)),
    part(11, value(tinyInput, [batch, ...[3, size, size].map((n) => message(whole(1, n)))])),
    part(12, value(tinyOutput, [batch, message(whole(1, dimensions))])),
  )
  const model = message(whole(1, 8), text(2, 'test'), part(7, graph), part(8, message(whole(2, 17))))
  return { model, weights }
}

/** The linear layer [dimensions, 12], so that a test can compute the embedding itself. */
export function tinyMatrix(dimensions: number, seed = 1): Float32Array {
  return Float32Array.from({ length: dimensions * features }, (_, i) => Math.sin((i + 1) * 12.9898 * seed))
}

function asSafetensors(
  name: string,
  shape: number[],
  values: Float32Array,
): { bytes: Uint8Array; start: number } {
  const header = JSON.stringify({ [name]: { dtype: 'F32', shape, data_offsets: [0, values.byteLength] } })
  const padded = Buffer.from(header.padEnd(Math.ceil(header.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  const bytes = Buffer.concat([length, padded, Buffer.from(values.buffer)])
  return { bytes, start: bytes.length - values.byteLength }
}

const node = (operator: string, inputs: string[], output: string, attributes: Buffer[]): Buffer =>
  message(
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(4, operator),
    ...attributes.map((attribute) => part(5, attribute)),
  )
const int = (name: string, n: number): Buffer => message(text(1, name), whole(3, n), whole(20, 2))
const ints = (name: string, ...list: number[]): Buffer =>
  message(text(1, name), ...list.map((n) => whole(8, n)), whole(20, 7))

const externalTensor = (name: string, dims: number[], offset: number, length: number): Buffer =>
  message(
    ...dims.map((n) => whole(1, n)),
    whole(2, 1), // float32
    text(8, name),
    ...Object.entries({ location: 'weights.safetensors', offset: `${offset}`, length: `${length}` }).map(
      ([key, entry]) => part(13, message(text(1, key), text(2, entry))),
    ),
    whole(14, 1), // external
  )

const value = (name: string, dims: Buffer[]): Buffer =>
  message(
    text(1, name),
    part(2, message(part(1, message(whole(1, 1), part(2, message(...dims.map((dim) => part(1, dim)))))))),
  )

// Protobuf: a field is its number and wire type, then a varint (0) or a length and that many bytes (2).
const message = (...fields: Buffer[]): Buffer => Buffer.concat(fields)
const whole = (field: number, n: number): Buffer => Buffer.concat([varint(field * 8), varint(n)])
const part = (field: number, bytes: Buffer): Buffer =>
  Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes])
const text = (field: number, contents: string): Buffer => part(field, Buffer.from(contents))
function varint(n: number): Buffer {
  const bytes: number[] = []
  for (let rest = n; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0))
  }
  return Buffer.from(bytes)
}
