import type { tf } from '../../tensors/tensorflow.js'
import { euclidean } from '../distances/euclidean.js'
import type { Mine } from './mining.js'

/**
 * One negative for each positive pair, drawn with a chance inverse to how common its distance is on the sphere, so that
 * near and far ones are met alike (Wu et al., ICCV 2017, equations 4 and 5):
 *
 *     q(d) ~ d^(D - 2) (1 - d^2 / 4)^((D - 3) / 2),   chance ~ 1 / q(max(d, cutoff)), none past `farthest`
 *
 * d is Euclidean between unit vectors, whatever distance the loss measures by. A pair whose anchor has no negative that
 * near is left out.
 */
export function distanceWeighted(
  embeddings: tf.Tensor2D,
  { cutoff, farthest, random }: { cutoff: number; farthest: number; random: () => number },
): Mine {
  return (_, companions, visit) => {
    const [count, width] = embeddings.shape
    const values = Float64Array.from(embeddings.dataSync())
    const { distances } = euclidean.between({ values, count, width })
    for (const { anchor, positives, negatives } of companions) {
      const near = negatives.filter((n) => distances.get(anchor, n) <= farthest)
      if (near.length === 0) continue
      const chances = chancesOf(near.map((n) => logRarity(Math.max(distances.get(anchor, n), cutoff), width)))
      for (const p of positives) {
        const n = near[draw(chances, random)]
        if (n !== undefined) visit(anchor, p, n)
      }
    }
  }
}

/** -log q(d). */
function logRarity(d: number, dimensions: number): number {
  return (2 - dimensions) * Math.log(d) + ((3 - dimensions) / 2) * Math.log(Math.max(1 - (d * d) / 4, 1e-8))
}

function chancesOf(logarithms: readonly number[]): number[] {
  const largest = Math.max(...logarithms)
  const weights = logarithms.map((logarithm) => Math.exp(logarithm - largest))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

function draw(chances: readonly number[], random: () => number): number {
  let left = random()
  const found = chances.findIndex((chance) => (left -= chance) < 0)
  // Rounding may run past the end.
  return found === -1 ? chances.length - 1 : found
}
