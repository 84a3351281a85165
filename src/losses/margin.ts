import { tf } from '../tensors/tensorflow.js'
import type { Distance } from './distances/distance.js'
import { companionsOf } from './float64/companions.js'
import { differentiable } from './float64/differentiable.js'
import { SquareMatrix } from './float64/square-matrix.js'
import { defineLoss } from './loss.js'
import { length } from './params.js'

/**
 * Margin loss (Wu, Manmatha, Smola, Krähenbühl, ICCV 2017): over all triplets of an anchor a, a positive p and a
 * negative n,
 *
 *     L = sum of max(0, D_ap - beta + margin) + max(0, beta + margin - D_an), over the number of terms that are not 0
 *
 * @param embeddings raw embeddings, [B, D]
 * @param labels class indexes, [B]
 * @param beta distance that parts positives from negatives, [1]
 */
export function margin(
  embeddings: tf.Tensor2D,
  labels: Int32Array,
  beta: tf.Tensor,
  distance: Distance,
  { margin: width }: { margin: number },
): tf.Scalar {
  const [count, dimensions] = embeddings.shape
  return differentiable([embeddings, beta], ([values = new Float64Array(), [boundary = NaN] = []]) => {
    const { distances, backward } = distance.between({ values, count, width: dimensions })
    const gradient = new SquareMatrix(count)
    let [sum, terms, byBeta] = [0, 0, 0]
    const add = (a: number, other: number, sign: 1 | -1, times: number): void => {
      const hinge = sign * (distances.get(a, other) - boundary) + width
      if (!(hinge > 0)) return
      sum += times * hinge
      terms += times
      byBeta -= times * sign
      gradient.add(a, other, times * sign)
    }
    for (const { anchor, positives, negatives } of companionsOf(labels)) {
      // A positive pair is in as many triplets as its anchor has negatives, and the other way round.
      for (const p of positives) add(anchor, p, 1, negatives.length)
      for (const n of negatives) add(anchor, n, -1, positives.length)
    }
    const share = 1 / Math.max(1, terms)
    return {
      value: share * sum,
      gradients: [backward(gradient.map((one) => share * one)), Float64Array.of(share * byBeta)],
    }
  })
}

export const marginLoss = defineLoss({
  name: 'margin',
  summary: 'A learned distance parts the images of a class from all others, with a margin on both sides.',
  source: 'Wu, Manmatha, Smola, Krähenbühl: Sampling Matters in Deep Embedding Learning, ICCV 2017',
  params: {
    margin: length(0.2, 0.1, 'Half the width of the gap between positives and negatives.'),
    beta: length(1.2, 0.6, 'The distance that parts them, at the start; it is learned.'),
  },
  takesDistance: true,
  create({ margin: width, beta: start }, { distance }) {
    const beta = tf.tidy(() => tf.variable(tf.tensor1d([start])))
    return {
      variables: new Map([['beta', beta]]),
      value: ({ embeddings, labels }) => margin(embeddings, labels, beta, distance, { margin: width }),
      dispose: () => {
        beta.dispose()
      },
    }
  },
})
