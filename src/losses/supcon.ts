import type { tf } from '../tensors/tensorflow.js'
import { companionsOf } from './float64/companions.js'
import { logSumExp } from './float64/log-sum-exp.js'
import { similarityLoss } from './float64/similarity-loss.js'
import { SquareMatrix } from './float64/square-matrix.js'
import { defineLoss, withoutVariables } from './loss.js'
import { number } from './params.js'

/**
 * SupCon (Khosla et al., NeurIPS 2020, equation 2):
 *
 *     L = mean over anchors a that have positives of
 *         mean over positives p of -log(exp(S_ap / temperature) / sum over others o of exp(S_ao / temperature))
 *
 * @param embeddings raw embeddings, [B, D]
 * @param labels class indexes, [B]
 */
export function supcon(
  embeddings: tf.Tensor2D,
  labels: Int32Array,
  { temperature }: { temperature: number },
): tf.Scalar {
  return similarityLoss(embeddings, (similarities) => {
    const gradient = new SquareMatrix(similarities.size)
    const anchors = companionsOf(labels).filter(({ positives }) => positives.length > 0)
    let value = 0
    for (const { anchor, positives, negatives } of anchors) {
      const share = 1 / anchors.length
      const scaled = (other: number): number => similarities.get(anchor, other) / temperature
      const others = [...positives, ...negatives]
      const { value: logarithm, shares } = logSumExp(others.map(scaled), { start: 0 })
      others.forEach((other, at) => {
        gradient.add(anchor, other, (share * (shares[at] as number)) / temperature)
      })
      for (const p of positives) {
        value += (share * (logarithm - scaled(p))) / positives.length
        gradient.add(anchor, p, -share / positives.length / temperature)
      }
    }
    return { value, gradient }
  })
}

export const supconLoss = defineLoss({
  name: 'supcon',
  summary: 'An image more alike to those of its class than to all others in the batch, as a softmax.',
  source: 'Khosla et al.: Supervised Contrastive Learning, NeurIPS 2020, arXiv 2004.11362',
  params: { temperature: number(0.1, 'What similarities are divided by.', [1e-4, 1e4]) },
  create: (params) => withoutVariables(({ embeddings, labels }) => supcon(embeddings, labels, params)),
})
