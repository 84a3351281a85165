import type { tf } from '../tensors/tensorflow.js'
import { companionsOf, type Companions } from './float64/companions.js'
import { logSumExp } from './float64/log-sum-exp.js'
import { similarityLoss } from './float64/similarity-loss.js'
import { SquareMatrix } from './float64/square-matrix.js'
import { defineLoss, withoutVariables } from './loss.js'
import { choice, number } from './params.js'

/**
 * Multi-similarity (Wang, Han, Huang, Dong, Scott, CVPR 2019, equation 16):
 *
 *     L = mean over anchors a of 1/alpha log(1 + sum over positives p of exp(-alpha (S_ap - base)))
 *                              + 1/beta  log(1 + sum over negatives n of exp( beta  (S_an - base)))
 *
 * @param embeddings raw embeddings, [B, D]
 * @param labels class indexes, [B]
 * @param params.epsilon margin of the miner; null takes every pair
 */
export function multiSimilarity(
  embeddings: tf.Tensor2D,
  labels: Int32Array,
  { alpha, beta, base, epsilon }: { alpha: number; beta: number; base: number; epsilon: number | null },
): tf.Scalar {
  return similarityLoss(embeddings, (similarities) => {
    const gradient = new SquareMatrix(similarities.size)
    let value = 0
    /** Adds the part of an anchor and its positives (scale -alpha) or negatives (scale beta). */
    const add = (anchor: number, others: readonly number[], scale: number): void => {
      const terms = others.map((other) => scale * (similarities.get(anchor, other) - base))
      const { value: logarithm, shares } = logSumExp(terms, { start: 1 })
      value += logarithm / Math.abs(scale) / similarities.size
      others.forEach((other, at) => {
        gradient.add(anchor, other, (Math.sign(scale) * (shares[at] as number)) / similarities.size)
      })
    }
    for (const companions of companionsOf(labels)) {
      const { anchor, positives, negatives } =
        epsilon === null ? companions : mined(similarities, companions, epsilon)
      add(anchor, positives, -alpha)
      add(anchor, negatives, beta)
    }
    return { value, gradient }
  })
}

/**
 * The pairs that tell something (equations 10 and 11): negatives more alike than the least alike positive less epsilon,
 * positives less alike than the most alike negative plus epsilon.
 */
function mined(
  similarities: SquareMatrix,
  { anchor, positives, negatives }: Companions,
  epsilon: number,
): Companions {
  const to = (other: number): number => similarities.get(anchor, other)
  const leastAlike = Math.min(...positives.map(to))
  const mostAlike = Math.max(...negatives.map(to))
  return {
    anchor,
    positives: positives.filter((p) => to(p) - epsilon < mostAlike),
    negatives: negatives.filter((n) => to(n) + epsilon > leastAlike),
  }
}

export const multiSimilarityLoss = defineLoss({
  name: 'multi-similarity',
  summary:
    'Pairs pull and push by how they compare with the threshold and with the other pairs of the image.',
  source:
    'Wang, Han, Huang, Dong, Scott: Multi-Similarity Loss with General Pair Weighting, CVPR 2019, arXiv 1904.06627',
  params: {
    alpha: number(2, 'Scale of positive pairs.', [1e-6, 1e6]),
    beta: number(50, 'Scale of negative pairs.', [1e-6, 1e6]),
    base: number(0.5, 'Similarity that parts positives from negatives.'),
    miner: choice('none', 'epsilon: only the pairs that are hard for their image.', ['none', 'epsilon']),
    epsilon: number(0.1, 'Margin of the miner.'),
  },
  create: ({ miner, epsilon, ...params }) =>
    withoutVariables(({ embeddings, labels }) =>
      multiSimilarity(embeddings, labels, { ...params, epsilon: miner === 'epsilon' ? epsilon : null }),
    ),
})
