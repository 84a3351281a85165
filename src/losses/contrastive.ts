import type { tf } from '../tensors/tensorflow.js'
import { distanceLoss, type Distance } from './distances/distance.js'
import { companionsOf } from './float64/companions.js'
import { SquareMatrix } from './float64/square-matrix.js'
import { defineLoss, withoutVariables } from './loss.js'
import { length } from './params.js'

/**
 * Contrastive loss (Hadsell, Chopra, LeCun, CVPR 2006), with hinges that are not squared:
 *
 *     L = mean over positive pairs of max(0, D - posMargin) + mean over negative pairs of max(0, negMargin - D)
 *
 * each mean over the terms that are not 0.
 *
 * @param embeddings raw embeddings, [B, D]
 * @param labels class indexes, [B]
 */
export function contrastive(
  embeddings: tf.Tensor2D,
  labels: Int32Array,
  distance: Distance,
  { posMargin, negMargin }: { posMargin: number; negMargin: number },
): tf.Scalar {
  return distanceLoss(embeddings, distance, (distances) => {
    const gradient = new SquareMatrix(distances.size)
    let value = 0
    /** Adds the mean hinge of `sign * (D - margin)` over pairs. */
    const addMean = (pairs: readonly (readonly [number, number])[], sign: 1 | -1, margin: number): void => {
      const hinge = (i: number, j: number): number => sign * (distances.get(i, j) - margin)
      const active = pairs.filter(([i, j]) => hinge(i, j) > 0)
      for (const [i, j] of active) {
        value += hinge(i, j) / active.length
        gradient.add(i, j, sign / active.length)
      }
    }
    const companions = companionsOf(labels)
    addMean(
      companions.flatMap(({ anchor, positives }) => positives.map((p) => [anchor, p] as const)),
      1,
      posMargin,
    )
    addMean(
      companions.flatMap(({ anchor, negatives }) => negatives.map((n) => [anchor, n] as const)),
      -1,
      negMargin,
    )
    return { value, gradient }
  })
}

export const contrastiveLoss = defineLoss({
  name: 'contrastive',
  summary: 'Images of a class together, images of different classes at least a margin apart.',
  source: 'Hadsell, Chopra, LeCun: Dimensionality Reduction by Learning an Invariant Mapping, CVPR 2006',
  params: {
    posMargin: length(0, 0, 'Distance below which a positive pair is left alone.'),
    negMargin: length(1, 0.5, 'Distance above which a negative pair is left alone.'),
  },
  takesDistance: true,
  create: (params, { distance }) =>
    withoutVariables(({ embeddings, labels }) => contrastive(embeddings, labels, distance, params)),
})
