import { createRandom } from '../datasets/random.js'
import { joinRows } from '../evaluation/join-rows.js'
import { headName } from '../networks/architecture-graph.js'
import { smallestNorm } from '../networks/graph.js'
import type { TensorMap } from '../networks/tensor-map.js'
import { principalDirections } from '../tensors/principal-directions.js'
import { tf } from '../tensors/tensorflow.js'

/** Pictures that are enough to tell the directions. */
const enough = 2048

/** At most as many as the directions need, spread evenly over the set. */
export function spreadEvenly<T>(entries: readonly T[]): T[] {
  const count = Math.min(entries.length, enough)
  return Array.from({ length: count }, (_, i) => entries[Math.floor((i * entries.length) / count)] as T)
}

/**
 * A linear head that keeps what a backbone can tell apart in the pictures as far as its dimensions go, without bias: the
 * cosine of two embeddings is nearly that of the features. A random head of 128 dimensions loses a third of it.
 *
 * @param features one row a picture, of the backbone's pooling
 * @param dimensions those past the width of the features start at 0
 */
export function principalHead(features: readonly Float32Array[], dimensions: number): TensorMap {
  const width = features[0]?.length ?? 0
  const count = Math.min(dimensions, width)
  // Of unit length, so that none counts more than another.
  const rows = tf.tidy(() => {
    const raw = tf.tensor2d(joinRows(features, width), [features.length, width])
    return tf.div<tf.Tensor2D>(raw, tf.maximum(tf.norm(raw, 'euclidean', 1, true), smallestNorm))
  })
  const weight = new Float32Array(dimensions * width)
  weight.set(principalDirections(rows, count, createRandom(0)))
  rows.dispose()
  return new Map([
    [`${headName}.weight`, { shape: [dimensions, width], data: weight }],
    [`${headName}.bias`, { shape: [dimensions], data: new Float32Array(dimensions) }],
  ])
}
