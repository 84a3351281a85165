import { tf } from '../tensors/tensorflow.js'
import { initialProxies } from './initial-proxies.js'
import { logOnePlusSumExp } from './log-one-plus-sum-exp.js'
import { defineLoss, withProxies } from './loss.js'
import { number } from './params.js'
import { sameClass } from './same-class.js'
import { unit } from './unit.js'
import { whereFinite } from './where-finite.js'

/**
 * Proxy-Anchor (Kim, Kim, Cho, Kwak, "Proxy Anchor Loss for Deep Metric Learning", CVPR 2020, equation 4):
 *
 *     L = 1/|P+| sum over p in P+ of log(1 + sum over x of class p     exp(-alpha (s(x, p) - margin)))
 *       + 1/|P|  sum over p in P  of log(1 + sum over x of other class exp( alpha (s(x, p) + margin)))
 *
 * with P all proxies, P+ those whose class is in the batch, and s cosine similarity. Each proxy is an anchor that
 * meets the whole batch, hardest images weighing most.
 *
 * @param embeddings raw embeddings, [B, D]
 * @param labels class indexes, [B], each below C
 * @param proxies one a class, raw, [C, D]
 */
export function proxyAnchor(
  embeddings: tf.Tensor2D,
  labels: Int32Array,
  proxies: tf.Tensor2D,
  { alpha, margin }: { alpha: number; margin: number },
): tf.Scalar {
  return whereFinite(embeddings, [proxies], () => {
    const classes = proxies.shape[0]
    const similarity = tf.matMul(unit(embeddings), unit(proxies), false, true)
    const own = sameClass(labels, classes)
    const presentClasses = tf.sum(tf.cast(tf.any(own, 0), 'float32'))

    const pull = logOnePlusSumExp(tf.mul(-alpha, tf.sub(similarity, margin)), { axis: 0, mask: own })
    const others = tf.logicalNot(own)
    const push = logOnePlusSumExp(tf.mul(alpha, tf.add(similarity, margin)), { axis: 0, mask: others })
    return tf.add(tf.div(tf.sum(pull), presentClasses), tf.div(tf.sum(push), classes))
  })
}

export const proxyAnchorLoss = defineLoss({
  name: 'proxy-anchor',
  summary: 'Every class has a learned proxy that pulls its images and pushes all others, the hardest most.',
  source: 'Kim, Kim, Cho, Kwak: Proxy Anchor Loss for Deep Metric Learning, CVPR 2020, arXiv 2003.13911',
  params: {
    alpha: number(32, 'Scale: how much the hardest images outweigh the others.'),
    margin: number(0.1, 'Similarity asked for above and below zero.'),
  },
  create: (params, context) =>
    withProxies(initialProxies(context), ({ embeddings, labels }, proxies) =>
      proxyAnchor(embeddings, labels, proxies, params),
    ),
})
