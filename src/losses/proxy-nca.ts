import { tf } from '../tensors/tensorflow.js'
import { classLogLoss } from './class-log-loss.js'
import { initialProxies } from './initial-proxies.js'
import { defineLoss, withProxies } from './loss.js'
import { number } from './params.js'
import { sameClass } from './same-class.js'
import { unit } from './unit.js'
import { whereFinite } from './where-finite.js'

/**
 * Proxy-NCA (Movshovitz-Attias et al., ICCV 2017) with the proxy of the own class in the sum, as Proxy-NCA++ (Teh,
 * DeVries, Taylor, ECCV 2020) has it:
 *
 *     L = mean over x of -log softmax over p of (-scale |x - p|^2), at the proxy of x's class
 *
 * with x and p at unit length, so that |x - p|^2 = 2 - 2 s(x, p), of which the 2 cancels in the softmax.
 *
 * @param embeddings raw embeddings, [B, D]
 * @param labels class indexes, [B], each below C
 * @param proxies one a class, raw, [C, D]
 */
export function proxyNca(
  embeddings: tf.Tensor2D,
  labels: Int32Array,
  proxies: tf.Tensor2D,
  { scale }: { scale: number },
): tf.Scalar {
  return whereFinite(embeddings, [proxies], () => {
    const similarity = tf.matMul(unit(embeddings), unit(proxies), false, true)
    return classLogLoss(tf.mul(2 * scale, similarity), sameClass(labels, proxies.shape[0]))
  })
}

export const proxyNcaLoss = defineLoss({
  name: 'proxy-nca',
  summary: 'Every class has a learned proxy that must be nearer to its images than the other proxies.',
  source:
    'Movshovitz-Attias, Toshev, Leung, Ioffe, Singh: No Fuss Distance Metric Learning using Proxies, ICCV 2017; ' +
    'Teh, DeVries, Taylor: ProxyNCA++, ECCV 2020, arXiv 2004.01113',
  params: { scale: number(1, 'Scale of the squared distance; 9 is that of Proxy-NCA++.', [1e-6, 1e6]) },
  create: (params, context) =>
    withProxies(initialProxies(context), ({ embeddings, labels }, proxies) =>
      proxyNca(embeddings, labels, proxies, params),
    ),
})
