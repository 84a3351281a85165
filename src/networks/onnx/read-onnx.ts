import { KindredError } from '../../errors.js'
import {
  decodeModel,
  external,
  type ReadGraph,
  type ReadModel,
  type ReadNode,
  type ReadTensor,
  type ReadValueInfo,
} from './schema.js'

/** What an ONNX file says of itself. */
export interface OnnxFile {
  /** Inputs that each run must be given: weights that older files list among them are left out. */
  readonly inputs: readonly OnnxPort[]
  readonly outputs: readonly OnnxPort[]
  /** Files beside it that hold tensors, as it names them. */
  readonly external: readonly string[]
}

/** An input or output. */
export interface OnnxPort {
  readonly name: string
  /** TensorProto.DataType; null where it is no tensor. */
  readonly type: number | null
  /** Sizes, null where one is free; null where not even their number is stated. */
  readonly shape: readonly (number | null)[] | null
}

/**
 * Reads inputs, outputs and references of an ONNX file.
 *
 * @throws KindredError MODEL_UNSUITABLE for what is not an ONNX file
 */
export function readOnnx(file: Uint8Array): OnnxFile {
  let model: ReadModel
  try {
    model = decodeModel(file)
  } catch (cause) {
    throw new KindredError('MODEL_UNSUITABLE', 'The file is not an ONNX file, or is damaged', { cause })
  }
  const { graph, functions } = model
  if (graph === undefined || graph.output.length === 0) {
    throw new KindredError('MODEL_UNSUITABLE', 'The file holds no ONNX graph')
  }
  const weights = new Set(graph.initializer.map(({ name }) => name))
  const tensors = [...tensorsOf(graph), ...functions.flatMap(({ node }) => node.flatMap(tensorsOfNode))]
  return {
    inputs: graph.input.filter(({ name }) => !weights.has(name)).map(portOf),
    outputs: graph.output.map(portOf),
    external: [...new Set(tensors.flatMap(locationOf))],
  }
}

function portOf({ name = '', type }: ReadValueInfo): OnnxPort {
  const tensor = type?.tensorType
  return {
    name,
    type: tensor?.elemType ?? null,
    shape:
      tensor?.shape?.dim.map(({ dimValue }) => (dimValue !== undefined && dimValue > 0 ? dimValue : null)) ??
      null,
  }
}

const tensorsOf = ({ initializer, node }: ReadGraph): ReadTensor[] => [
  ...initializer,
  ...node.flatMap(tensorsOfNode),
]

/** Tensors may be constants, and lie in the branches of conditions and loops. */
const tensorsOfNode = ({ attribute }: ReadNode): ReadTensor[] =>
  attribute.flatMap(({ t, tensors, g, graphs }) => [
    ...(t === undefined ? [] : [t]),
    ...tensors,
    ...[...(g === undefined ? [] : [g]), ...graphs].flatMap(tensorsOf),
  ])

const locationOf = ({ dataLocation, externalData }: ReadTensor): string[] =>
  dataLocation === external
    ? externalData.flatMap(({ key, value }) => (key === 'location' && value !== undefined ? [value] : []))
    : []
