import type { tf } from '../tensors/tensorflow.js'
import { distanceLoss, type Distance } from './distances/distance.js'
import { companionsOf } from './float64/companions.js'
import { SquareMatrix } from './float64/square-matrix.js'
import type { OfPairs } from './float64/similarity-loss.js'
import { defineLoss, withoutVariables } from './loss.js'
import { distanceWeighted } from './mining/distance-weighted.js'
import { allTriplets, batchHard, semiHard, type Mine } from './mining/mining.js'
import { choice, length, number } from './params.js'

/**
 * Triplet loss (Schroff, Kalenichenko, Philbin, "FaceNet", CVPR 2015, without the squares):
 *
 *     L = mean of max(0, D_ap - D_an + margin) over the mined triplets of anchor, positive, negative
 *
 * over those that are not 0, or over all.
 *
 * @param mine which triplets
 * @param mean which terms the mean is over
 */
export function triplet(
  embeddings: tf.Tensor2D,
  labels: Int32Array,
  distance: Distance,
  { margin, mine, mean }: { margin: number; mine: Mine; mean: 'non-zero' | 'all' },
): tf.Scalar {
  return distanceLoss(embeddings, distance, (distances): OfPairs => {
    const gradient = new SquareMatrix(distances.size)
    let [sum, active, mined] = [0, 0, 0]
    mine(distances, companionsOf(labels), (a, p, n) => {
      mined++
      const hinge = distances.get(a, p) - distances.get(a, n) + margin
      if (!(hinge > 0)) return
      sum += hinge
      active++
      gradient.add(a, p, 1)
      gradient.add(a, n, -1)
    })
    const share = 1 / Math.max(1, mean === 'all' ? mined : active)
    return { value: share * sum, gradient: gradient.map((one) => share * one) }
  })
}

export const tripletLoss = defineLoss({
  name: 'triplet',
  summary: 'An image nearer to one of its class than to one of another, by a margin.',
  source:
    'Schroff, Kalenichenko, Philbin: FaceNet, CVPR 2015; batch-hard: Hermans, Beyer, Leibe, arXiv 1703.07737; ' +
    'distance-weighted: Wu, Manmatha, Smola, Krähenbühl, ICCV 2017',
  params: {
    margin: length(0.1, 0.1, 'By how much the negative must be farther.'),
    mining: choice('all', 'Which triplets of the batch: all of them, or those of a miner.', [
      'all',
      'semi-hard',
      'batch-hard',
      'distance-weighted',
    ]),
    cutoff: number(0.5, 'Distance-weighted: nearer negatives are drawn as if this far.', [1e-3, 2]),
    farthest: number(1.4, 'Distance-weighted: negatives past it are never drawn.', [1e-3, 2]),
  },
  takesDistance: true,
  create: ({ margin, mining, cutoff, farthest }, { distance }) =>
    withoutVariables(({ embeddings, labels, random }) => {
      const mine = {
        all: () => allTriplets,
        'semi-hard': () => semiHard(margin),
        'batch-hard': () => batchHard,
        'distance-weighted': () => distanceWeighted(embeddings, { cutoff, farthest, random }),
      }[mining]()
      return triplet(embeddings, labels, distance, { margin, mine, mean: 'non-zero' })
    }),
})
