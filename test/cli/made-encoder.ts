import {
  encodeModel,
  float32,
  int,
  ints,
  type OnnxGraph,
  type OnnxNode,
} from '../../src/networks/onnx/schema.js'

export interface MadeEncoder {
  /** Sizes of the input; a text names a free one. */
  readonly input?: readonly (number | string)[]
  /** Shapes of the outputs that the graph lists, by name. */
  readonly outputs?: Readonly<Record<string, readonly (number | string)[]>>
  /** Element type of the input, as TensorProto.DataType numbers it. */
  readonly type?: number
  /** Every picture gets the same embedding. */
  readonly blind?: boolean
}

/** Pixels of the made encoder's pictures. */
export const [madeWidth, madeHeight] = [40, 48]
export const madeDimensions = 8

/** The linear layer [dimensions, 12]. */
export const madeMatrix = Array.from({ length: madeDimensions * 12 }, (_, at) => Math.sin(12.9898 * (at + 1)))

/**
 * An ONNX encoder that another program could have made: pictures [N, 48, 40, 3], the means of each quarter, and a linear
 * layer whose tensor lies in the file.
 */
export function madeEncoder({
  input = ['batch', madeHeight, madeWidth, 3],
  outputs = { features: ['batch', madeDimensions], quarters: ['batch', 3, 2, 2] },
  type = float32,
  blind = false,
}: MadeEncoder = {}): Uint8Array {
  const graph: OnnxGraph = {
    name: 'made',
    node: [
      node('Transpose', ['pixels'], 'channels', [ints('perm', [0, 3, 1, 2])]),
      node('AveragePool', ['channels'], 'quarters', [
        ints('kernel_shape', [madeHeight / 2, madeWidth / 2]),
        ints('strides', [madeHeight / 2, madeWidth / 2]),
      ]),
      node('Flatten', ['quarters'], 'flat', [int('axis', 1)]),
      node('Gemm', ['flat', 'weight'], 'features', [int('transB', 1)]),
    ],
    initializer: [
      {
        name: 'weight',
        dataType: float32,
        dims: [madeDimensions, 12],
        floatData: blind ? madeMatrix.map((_, at) => (at % 12 === 0 ? 1e-30 : 0)) : madeMatrix,
      },
    ],
    input: [port('pixels', input, type)],
    output: Object.entries(outputs).map(([name, shape]) => port(name, shape)),
  }
  return encodeModel(graph)
}

const node = (
  opType: string,
  inputs: readonly string[],
  output: string,
  attribute: OnnxNode['attribute'],
): OnnxNode => ({ name: output, opType, input: inputs, output: [output], attribute })

const port = (name: string, shape: readonly (number | string)[], elemType = float32) => ({
  name,
  type: {
    tensorType: {
      elemType,
      shape: {
        dim: shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size })),
      },
    },
  },
})
