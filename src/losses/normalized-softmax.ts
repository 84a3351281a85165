import { tf } from '../tensors/tensorflow.js'
import { classLogLoss } from './class-log-loss.js'
import { initialProxies } from './initial-proxies.js'
import { defineLoss, withProxies } from './loss.js'
import { number } from './params.js'
import { sameClass } from './same-class.js'
import { unit } from './unit.js'
import { whereFinite } from './where-finite.js'

/**
 * Normalised softmax (Zhai and Wu, "Classification is a Strong Baseline for Deep Metric Learning", BMVC 2019):
 *
 *     L = mean over x of -log softmax over p of (s(x, p) / temperature), at the proxy of x's class
 *
 * @param embeddings raw embeddings, [B, D]
 * @param labels class indexes, [B], each below C
 * @param proxies one a class, raw, [C, D]: the columns of the classifier's weights
 */
export function normalizedSoftmax(
  embeddings: tf.Tensor2D,
  labels: Int32Array,
  proxies: tf.Tensor2D,
  { temperature }: { temperature: number },
): tf.Scalar {
  return whereFinite(embeddings, [proxies], () => {
    const similarity = tf.matMul(unit(embeddings), unit(proxies), false, true)
    return classLogLoss(tf.div(similarity, temperature), sameClass(labels, proxies.shape[0]))
  })
}

export const normalizedSoftmaxLoss = defineLoss({
  name: 'normalized-softmax',
  summary: 'A classifier on unit embeddings and unit weights; what it learns of classes is thrown away.',
  source:
    'Zhai, Wu: Classification is a Strong Baseline for Deep Metric Learning, BMVC 2019, arXiv 1811.12649',
  params: { temperature: number(0.05, 'What similarities are divided by.', [1e-4, 1e4]) },
  create: (params, context) =>
    withProxies(initialProxies(context), ({ embeddings, labels }, proxies) =>
      normalizedSoftmax(embeddings, labels, proxies, params),
    ),
})
