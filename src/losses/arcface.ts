import { tf } from '../tensors/tensorflow.js'
import { classLogLoss } from './class-log-loss.js'
import { initialProxies } from './initial-proxies.js'
import { defineLoss, withProxies } from './loss.js'
import { number } from './params.js'
import { sameClass } from './same-class.js'
import { unit } from './unit.js'
import { whereFinite } from './where-finite.js'

/**
 * ArcFace (Deng, Guo, Xue, Zafeiriou, CVPR 2019): a softmax over scaled cosines in which the angle t between an image
 * and the proxy of its class counts as t + m:
 *
 *     L = mean over x of -log softmax over p of (scale cos(t + m for the own proxy, t for the others))
 *
 * Past t = 180 - m degrees, where cos(t + m) would rise again, cos t - m sin m goes on falling, as in the authors'
 * program.
 *
 * @param embeddings raw embeddings, [B, D]
 * @param labels class indexes, [B], each below C
 * @param proxies one a class, raw, [C, D]: the columns of the classifier's weights
 */
export function arcface(
  embeddings: tf.Tensor2D,
  labels: Int32Array,
  proxies: tf.Tensor2D,
  { scale, margin }: { scale: number; margin: number },
): tf.Scalar {
  return whereFinite(embeddings, [proxies], () => {
    const radians = (margin * Math.PI) / 180
    const own = sameClass(labels, proxies.shape[0])
    const cosine: tf.Tensor2D = tf.matMul(unit(embeddings), unit(proxies), false, true)
    const sine = tf.sqrt(tf.maximum(tf.sub(1, tf.square(cosine)), 1e-12))
    const further = tf.sub(tf.mul(Math.cos(radians), cosine), tf.mul(Math.sin(radians), sine))
    const beyond = tf.sub(cosine, radians * Math.sin(radians))
    const withMargin = tf.where(tf.greaterEqual(cosine, -Math.cos(radians)), further, beyond)
    return classLogLoss(tf.mul(scale, tf.where(own, withMargin, cosine)), own)
  })
}

export const arcfaceLoss = defineLoss({
  name: 'arcface',
  summary: 'A classifier on the sphere that counts the angle to the own class as wider than it is.',
  source: 'Deng, Guo, Xue, Zafeiriou: ArcFace, CVPR 2019, arXiv 1801.07698',
  params: {
    scale: number(64, 'What cosines are multiplied by.', [1e-6, 1e6]),
    margin: number(28.6, 'Degrees added to the angle between an image and its class.', [0, 90]),
  },
  create: (params, context) =>
    withProxies(initialProxies(context), ({ embeddings, labels }, proxies) =>
      arcface(embeddings, labels, proxies, params),
    ),
})
