import { KindredError } from '../errors.js'
import { float32, runKernel } from '../tensors/node-kernel.js'
import { tf } from '../tensors/tensorflow.js'
import { keptOutputs, passBackward, passForward, type Outputs } from './backbone-pass.js'
import type { Backbone, BackboneLayer } from './graph.js'
import { largestOutput } from './output-size.js'

type Variables = ReadonlyMap<string, tf.Variable>

/**
 * The backbone as one step for automatic differentiation: gradients flow to its variables that are `trainable`, and the
 * walk back ends at the first layer that has one; none flow to the images.
 *
 * @param images [N, height, width, 3]
 * @param chunkBytes pictures pass together as long as none of their tensors is larger; the result does not depend on it
 * @returns feature maps [N, height', width', channels]
 */
export function runBackbone(
  backbone: Backbone,
  variables: Variables,
  images: tf.Tensor4D,
  chunkBytes: number,
): tf.Tensor4D {
  // Asked here because tfjs counts the inside of a custom step as not recorded.
  const recorded = tf.engine().isTapeOn()
  const learns = (parameter: string): boolean => recorded && variables.get(parameter)?.trainable === true
  const parametersOf = ({ kind, name }: BackboneLayer): string[] =>
    kind === 'conv' ? [`${name}.weight`, `${name}.bias`].filter(learns) : []
  const parameters = backbone.layers.flatMap(parametersOf)
  const first = backbone.layers.findIndex((layer) => parametersOf(layer).length > 0)
  const firstLearning = first < 0 ? Infinity : first
  const kept = keptOutputs(backbone, firstLearning)
  const [count, height, width] = images.shape
  const sizes = chunkSizes(count, Math.floor(chunkBytes / largestOutput(backbone, height, width)))
  const forward = (): Outputs[] =>
    splitBatch(images, sizes).map((chunk) => passForward(backbone, variables, chunk, firstLearning))
  const valueOf = (chunks: readonly Outputs[]): tf.Tensor4D =>
    joinBatch(chunks.flatMap((outputs) => pick(outputs, [backbone.output])))
  if (parameters.length === 0) return valueOf(forward())

  const step = tf.customGrad<tf.Tensor4D>((...args) => {
    const save = args.at(-1)
    const chunks = forward()
    if (typeof save === 'function') save(chunks.flatMap((outputs) => pick(outputs, kept)))
    const value = valueOf(chunks)

    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor[] => {
      const ofChunks = splitBatch(dy, sizes).map((chunk, index) => {
        const own = saved.slice(index * kept.length, (index + 1) * kept.length)
        const outputs: Outputs = new Map(own.map((tensor, at) => [kept[at] ?? '', tensor]))
        return pick(passBackward(backbone, variables, outputs, chunk, firstLearning), parameters)
      })
      return parameters.map((_, at) => sum(ofChunks.flatMap((gradients) => gradients[at] ?? [])))
    }
    return { value, gradFunc }
  })
  return step(...pick(variables, parameters))
}

/** Sizes as even as can be, none above `most` (but at least one picture). */
function chunkSizes(count: number, most: number): number[] {
  const chunks = Math.ceil(count / Math.max(1, most))
  return Array.from(
    { length: chunks },
    (_, chunk) => Math.floor(((chunk + 1) * count) / chunks) - Math.floor((chunk * count) / chunks),
  )
}

const splitBatch = (batch: tf.Tensor4D, sizes: number[]): tf.Tensor4D[] =>
  sizes.length === 1 ? [batch] : tf.split(batch, sizes)

const joinBatch = (chunks: readonly tf.Tensor[]): tf.Tensor4D =>
  (chunks.length === 1 ? chunks[0] : tf.concat([...chunks], 0)) as tf.Tensor4D

function sum(tensors: readonly tf.Tensor[]): tf.Tensor {
  const [only] = tensors
  if (only !== undefined && tensors.length === 1) return only
  const total = runKernel('AddN', tensors, { T: float32, N: { type: 'int', value: tensors.length } })
  tensors.forEach((tensor) => {
    tensor.dispose()
  })
  return total
}

const pick = (tensors: ReadonlyMap<string, tf.Tensor>, names: readonly string[]): tf.Tensor[] =>
  names.map((name) => {
    const tensor = tensors.get(name)
    if (tensor === undefined) throw new KindredError('INTERNAL', `The network has no tensor for ${name}`)
    return tensor
  })
