import { createRandom } from '../../../src/datasets/random.js'
import { createDistance, resolveDistance } from '../../../src/losses/distances/registry.js'
import type { Loss, RegularisedBatch } from '../../../src/losses/loss.js'
import { resolveParams } from '../../../src/losses/params.js'
import { findLoss, findRegulariser, knownLosses, knownRegularisers } from '../../../src/losses/registry.js'
import { tf } from '../../../src/tensors/tensorflow.js'

export interface LossSize {
  readonly batch: number
  readonly dimensions: number
  readonly classes: number
}

const imagesPerClass = 4

/** A loss or a regulariser under measurement. */
interface Term extends Pick<Loss, 'variables' | 'dispose'> {
  value(batch: RegularisedBatch): tf.Scalar
}

/** Every base loss, by every miner and by the hybrid distance too, and every regulariser, by name. */
export const lossCases: ReadonlyMap<string, (size: LossSize) => Term> = new Map([
  ...knownLosses().flatMap(({ name, takesDistance, params }) => {
    const [, ...choices] = (params['mining'] ?? params['miner'])?.choices ?? []
    const param = params['mining'] === undefined ? 'miner' : 'mining'
    return [
      [name, loss(name)] as const,
      ...choices.map((choice) => [`${name} ${choice}`, loss(name, { [param]: choice })] as const),
      ...(takesDistance === true ? [[`${name} ghm:0.5`, loss(name, {}, 'ghm')] as const] : []),
    ]
  }),
  ...knownRegularisers().map(({ name }) => [`+${name}`, regulariser(name)] as const),
])

function loss(name: string, params = {}, distance = 'euclidean') {
  return (size: LossSize): Term => {
    const { unitRange, ...choice } = resolveDistance(distance)
    const definition = findLoss(name)
    return definition.create(resolveParams(name, definition.params, params, { unitRange }), {
      ...size,
      random: createRandom(1),
      distance: createDistance(choice),
    })
  }
}

function regulariser(name: string) {
  return (size: LossSize): Term => {
    const definition = findRegulariser(name)
    const params = resolveParams(name, definition.params, {})
    return definition.create(params, { ...size, random: createRandom(1) })
  }
}

/** Makes what runs a loss forward and backward once. */
export function openLoss(name: string, size: LossSize): { run: () => void; close: () => void } {
  const create = lossCases.get(name)
  if (create === undefined) throw new Error(`no loss ${name}`)
  const term = create(size)
  const { batch, dimensions } = size
  // Embeddings about their classes, as those of a network that has begun to learn.
  const noise = (seed: number): tf.Tensor2D => tf.randomNormal([batch, dimensions], 0, 1, 'float32', seed)
  const embeddings = tf.tidy(() => {
    const centres = tf.randomNormal([batch / imagesPerClass, dimensions], 0, 1, 'float32', 1)
    return tf.variable(tf.add(noise(2), tf.tile(centres, [imagesPerClass, 1])))
  })
  const teacher = tf.tidy(() => tf.add<tf.Tensor2D>(embeddings, tf.mul(0.1, noise(3))))
  const labels = Int32Array.from({ length: batch }, (_, i) => i % (batch / imagesPerClass))
  const variables = [embeddings, ...term.variables.values()]
  const random = createRandom(4)
  return {
    run() {
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(
          () => term.value({ embeddings: embeddings as tf.Tensor2D, labels, teacher, proxies: null, random }),
          variables,
        )
        value.dataSync()
        for (const gradient of Object.values(grads)) gradient.dataSync()
      })
    },
    close() {
      tf.dispose([embeddings, teacher])
      term.dispose()
    },
  }
}
