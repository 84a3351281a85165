import type { Architecture } from '../../bundles/manifest.js'
import { architectureGraph } from '../architecture-graph.js'
import { graphInput, inputsOf, smallestNorm, type Graph } from '../graph.js'
import { checkWeights, parametersOf } from '../parameters.js'
import { readSafetensorsHeader } from '../safetensors-header.js'
import { writeSafetensors } from '../safetensors.js'
import type { TensorMap } from '../tensor-map.js'
import { constants, layerNodes, onnxOutput } from './nodes.js'
import {
  encodeModel,
  external,
  float32,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from './schema.js'

/** File that the ONNX graph expects beside it. */
export const weightsFile = 'weights.safetensors'

export interface OnnxExport {
  /** Contents of the .onnx file: the graph alone, some kB. */
  readonly model: Uint8Array
  /** Contents of `weights.safetensors`, where the graph finds its weights by offset. */
  readonly weights: Uint8Array
  /** Names of the graph's input, float32 [N, 3, height, width], and output, float32 [N, dimensions]. */
  readonly onnx: { readonly input: string; readonly output: string }
  readonly dimensions: number
}

/**
 * Writes a network as ONNX. Its output are unit-length embeddings; the number of pictures N is free. The weights are
 * kept once, in a safetensors file, which the graph points into as ONNX external data.
 *
 * @param weights all of the network's weights, in the layout of the file
 * @param input sides of the pictures in pixels
 * @param metadata texts for the header of the weights file
 * @throws KindredError INVALID_ARGUMENT for an unknown architecture, WEIGHTS_INVALID for weights that do not fit
 */
export function exportOnnx(
  architecture: Architecture,
  weights: TensorMap,
  input: { readonly width: number; readonly height: number },
  metadata: Readonly<Record<string, string>> = {},
): OnnxExport {
  return exportGraph(architecture.backbone, architectureGraph(architecture), weights, input, metadata)
}

/** As `exportOnnx`, of a graph at hand. */
export function exportGraph(
  name: string,
  graph: Graph,
  weights: TensorMap,
  input: { readonly width: number; readonly height: number },
  metadata: Readonly<Record<string, string>> = {},
): OnnxExport {
  checkWeights(graph, weights)
  const file = writeSafetensors(inGraphOrder(graph, weights), metadata)
  const nodes = graphNodes(graph, [input.height, input.width])
  const model = encodeModel({
    name,
    node: nodes,
    initializer: [...constantTensors(nodes), ...externalTensors(file)],
    input: [valueInfo(graphInput, ['N', 3, input.height, input.width])],
    output: [valueInfo(onnxOutput, ['N', graph.dimensions])],
  })
  return {
    model,
    weights: file,
    onnx: { input: graphInput, output: onnxOutput },
    dimensions: graph.dimensions,
  }
}

const inGraphOrder = (graph: Graph, weights: TensorMap): TensorMap =>
  new Map(
    parametersOf(graph).flatMap(({ name }) => {
      const tensor = weights.get(name)
      return tensor === undefined ? [] : [[name, tensor]]
    }),
  )

function graphNodes({ backbone, top }: Graph, size: readonly number[]): OnnxNode[] {
  const sizes = new Map<string, readonly number[]>([[graphInput, size]])
  const nodes = backbone.layers.flatMap((layer) => {
    const [first = graphInput] = inputsOf(layer)
    const before = sizes.get(first) ?? size
    const stride = layer.kind === 'add' ? 1 : layer.stride
    sizes.set(
      layer.name,
      before.map((side) => Math.ceil(side / stride)),
    )
    return layerNodes(layer, before)
  })
  return [...nodes, ...top.flatMap((layer) => layerNodes(layer, []))]
}

/** The constants that the nodes use; ONNX Runtime warns of any other. */
const constantTensors = (nodes: readonly OnnxNode[]): OnnxTensor[] =>
  Object.entries({ [constants.zero]: 0, [constants.six]: 6, [constants.smallestNorm]: smallestNorm })
    .filter(([name]) => nodes.some(({ input }) => input.includes(name)))
    .map(([name, value]) => ({ name, dataType: float32, dims: [], floatData: [value] }))

const externalTensors = (file: Uint8Array): OnnxTensor[] =>
  readSafetensorsHeader(file).entries.map(({ name, shape, offset, bytes }) => ({
    name,
    dataType: float32,
    dims: shape,
    dataLocation: external,
    externalData: [
      { key: 'location', value: weightsFile },
      { key: 'offset', value: String(offset) },
      { key: 'length', value: String(bytes) },
    ],
  }))

const valueInfo = (name: string, shape: readonly (string | number)[]): OnnxValueInfo => ({
  name,
  type: {
    tensorType: {
      elemType: float32,
      shape: {
        dim: shape.map((side) => (typeof side === 'string' ? { dimParam: side } : { dimValue: side })),
      },
    },
  },
})
