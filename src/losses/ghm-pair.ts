import type { tf } from '../tensors/tensorflow.js'
import { distanceLoss, type Distance } from './distances/distance.js'
import { ghmDistance, ghmParams } from './distances/ghm.js'
import { companionsOf } from './float64/companions.js'
import { SquareMatrix } from './float64/square-matrix.js'
import { defineLoss, withoutVariables } from './loss.js'
import { number } from './params.js'

/**
 * The pair form of GHM (after Li and Ralescu, ICTAI 2022):
 *
 *     L = mean over positive pairs of D^2 + mean over negative pairs of max(0, margin - D)^2
 *
 * @param embeddings raw embeddings, [B, D]
 * @param labels class indexes, [B]
 */
export function ghmPair(
  embeddings: tf.Tensor2D,
  labels: Int32Array,
  distance: Distance,
  { margin }: { margin: number },
): tf.Scalar {
  return distanceLoss(embeddings, distance, (distances) => {
    const gradient = new SquareMatrix(distances.size)
    const companions = companionsOf(labels)
    const positivePairs = companions.reduce((sum, { positives }) => sum + positives.length, 0)
    const negativePairs = companions.reduce((sum, { negatives }) => sum + negatives.length, 0)
    let value = 0
    for (const { anchor, positives, negatives } of companions) {
      for (const p of positives) {
        const d = distances.get(anchor, p)
        value += (d * d) / positivePairs
        gradient.add(anchor, p, (2 * d) / positivePairs)
      }
      for (const n of negatives) {
        const hinge = Math.max(0, margin - distances.get(anchor, n))
        value += (hinge * hinge) / negativePairs
        gradient.add(anchor, n, (-2 * hinge) / negativePairs)
      }
    }
    return { value, gradient }
  })
}

export const ghmSource =
  'After Li, Ralescu: Generalized Hybrid Metric Loss, ICTAI 2022; our reading, since its formula is not public'

export const ghmPairParams = {
  ...ghmParams,
  margin: number(0.5, 'Distance, in [0, 1], above which a negative pair is left alone.'),
}

export const ghmPairLoss = defineLoss({
  name: 'ghm-pair',
  summary: 'Pairs together or apart by a distance that is partly of directions and partly of distributions.',
  source: ghmSource,
  params: ghmPairParams,
  create({ margin, ...settings }) {
    const distance = ghmDistance(settings)
    return withoutVariables(({ embeddings, labels }) => ghmPair(embeddings, labels, distance, { margin }))
  },
})
