import { KindredError } from '../errors.js'
import { tf } from './tensorflow.js'

/** Attributes of a TensorFlow operation by name. */
export type KernelAttributes = Readonly<Record<string, KernelAttribute>>
export type KernelAttribute =
  | { readonly type: 'int'; readonly value: number | readonly number[] }
  | { readonly type: 'shape'; readonly value: readonly number[] }
  /** A list only where the set-up compiled the binding (setup/patch-binding.ts). */
  | { readonly type: 'string'; readonly value: string | readonly string[] }
  | { readonly type: 'bool'; readonly value: boolean }
  | typeof float32
  | typeof int32

/** The value of attributes that name a type: `T` of most operations. */
export const float32 = { type: 'type', value: 'TF_FLOAT' } as const

export const int32 = { type: 'type', value: 'TF_INT32' } as const

/** What this file uses of tfjs-node's backend; it is not part of its published types. */
interface NodeBackend {
  readonly binding: Readonly<Record<string, number>>
  readonly isUsingGpuDevice: boolean
  executeMultipleOutputs(
    name: string,
    attributes: readonly { name: string; type: number | undefined; value: unknown }[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[]
}

/**
 * Runs one of TensorFlow's own operations at once, for kernels and gradients that tfjs does not offer
 * (https://www.tensorflow.org/api_docs/python/tf/raw_ops). No gradient is recorded.
 *
 * @throws KindredError TENSORFLOW_MISSING when another backend than tfjs-node's is active
 */
export function runKernel(
  name: string,
  inputs: readonly tf.Tensor[],
  attributes: KernelAttributes = { T: float32 },
): tf.Tensor {
  const [output] = runOperation(name, inputs, attributes, 1)
  if (output === undefined) throw new KindredError('INTERNAL', `TensorFlow's ${name} gave no output`)
  return output
}

/** As `runKernel`, for operations that change a resource and give nothing. */
export function runEffect(
  name: string,
  inputs: readonly tf.Tensor[],
  attributes: KernelAttributes = { T: float32 },
): void {
  runOperation(name, inputs, attributes, 0)
}

/** As `runKernel`, for operations that give several tensors. */
export function runOperation(
  name: string,
  inputs: readonly tf.Tensor[],
  attributes: KernelAttributes,
  outputs: number,
): tf.Tensor[] {
  const backend = nodeBackend()
  const { binding } = backend
  const list = Object.entries(attributes).map(([attribute, { type, value }]) => ({
    name: attribute,
    type: binding[`TF_ATTR_${type.toUpperCase()}`],
    value: type === 'type' ? binding[value] : value,
  }))
  return backend.executeMultipleOutputs(name, list, inputs, outputs)
}

/** Whether kernels run on a GPU unless they have none for it. */
export const runsOnGpu = (): boolean => nodeBackend().isUsingGpuDevice

function nodeBackend(): NodeBackend {
  const backend: unknown = tf.backend()
  if (!isNodeBackend(backend)) {
    throw new KindredError('TENSORFLOW_MISSING', `This needs tfjs-node, but tfjs runs on ${tf.getBackend()}`)
  }
  return backend
}

const isNodeBackend = (backend: unknown): backend is NodeBackend =>
  typeof backend === 'object' &&
  backend !== null &&
  'executeMultipleOutputs' in backend &&
  'binding' in backend
