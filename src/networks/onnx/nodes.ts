import { graphInput, type Activation, type BackboneLayer, type TopLayer } from '../graph.js'
import { int, ints, type OnnxAttribute, type OnnxNode } from './schema.js'

/** Names of the constants that nodes refer to; the export gives their values. */
export const constants = {
  zero: 'constant.zero',
  six: 'constant.six',
  smallestNorm: 'constant.smallest_norm',
}

/** Output of the unit-length layer, and so of the graph. */
export const onnxOutput = 'embedding'

/** A layer's output in the ONNX graph; weights have the plain names `LAYER.weight` and `LAYER.bias`. */
const valueOf = (layer: string): string => (layer === graphInput ? graphInput : `${layer}:0`)

const node = (
  opType: string,
  input: readonly string[],
  output: string,
  attribute: readonly OnnxAttribute[] = [],
): OnnxNode => ({ name: output, opType, input, output: [output], attribute })

/**
 * The ONNX nodes of one layer; tensors are NCHW.
 *
 * @param sizeBefore sides [height, width] of the feature maps that the layer gets
 */
export function layerNodes(layer: BackboneLayer | TopLayer, sizeBefore: readonly number[]): OnnxNode[] {
  const out = valueOf(layer.name)
  switch (layer.kind) {
    case 'conv': {
      const input = [valueOf(layer.input), `${layer.name}.weight`, `${layer.name}.bias`]
      const { kernel, stride, depthwise, activation, inChannels } = layer
      const attributes = [
        ints('kernel_shape', [kernel, kernel]),
        ints('strides', [stride, stride]),
        ints('pads', layer.padding === 'same' ? samePads(sizeBefore, kernel, stride) : symmetricPads(kernel)),
        int('group', depthwise ? inChannels : 1),
      ]
      if (activation === 'none') return [node('Conv', input, out, attributes)]
      const convolved = `${layer.name}:conv`
      return [node('Conv', input, convolved, attributes), activationNode(activation, convolved, out)]
    }
    case 'add': {
      const inputs = layer.inputs.map(valueOf)
      if (layer.activation === 'none') return [node('Add', inputs, out)]
      const sum = `${layer.name}:sum`
      return [node('Add', inputs, sum), activationNode(layer.activation, sum, out)]
    }
    case 'max-pool': {
      const { kernel, stride } = layer
      return [
        node('MaxPool', [valueOf(layer.input)], out, [
          ints('kernel_shape', [kernel, kernel]),
          ints('strides', [stride, stride]),
          ints('pads', symmetricPads(kernel)),
        ]),
      ]
    }
    case 'pool': {
      const pooled = `${layer.name}:pool`
      const opType = layer.pooling === 'average' ? 'GlobalAveragePool' : 'GlobalMaxPool'
      return [node(opType, [valueOf(layer.input)], pooled), node('Flatten', [pooled], out, [int('axis', 1)])]
    }
    case 'concat':
      return [node('Concat', layer.inputs.map(valueOf), out, [int('axis', 1)])]
    case 'linear': {
      const input = [valueOf(layer.input), `${layer.name}.weight`, `${layer.name}.bias`]
      return [node('Gemm', input, out, [int('transB', 1)])]
    }
    case 'unit-length': {
      const input = valueOf(layer.input)
      const [norm, safeNorm] = [`${layer.name}:norm`, `${layer.name}:safe_norm`]
      return [
        node('ReduceL2', [input], norm, [ints('axes', [1]), int('keepdims', 1)]),
        node('Max', [norm, constants.smallestNorm], safeNorm),
        node('Div', [input, safeNorm], onnxOutput),
      ]
    }
  }
}

const activationNode = (activation: Exclude<Activation, 'none'>, input: string, output: string): OnnxNode =>
  activation === 'relu'
    ? node('Relu', [input], output)
    : node('Clip', [input, constants.zero, constants.six], output)

const symmetricPads = (kernel: number): number[] => Array.from({ length: 4 }, () => (kernel - 1) / 2)

/** TensorFlow's SAME padding as ONNX writes it: begins of height and width, then their ends. */
function samePads(sizes: readonly number[], kernel: number, stride: number): number[] {
  const totals = sizes.map((size) => Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0))
  const begins = totals.map((total) => Math.floor(total / 2))
  return [...begins, ...totals.map((total, axis) => total - (begins[axis] ?? 0))]
}
