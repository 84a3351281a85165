import { tf } from '../tensors/tensorflow.js'
import { logOnePlusSumExp } from './log-one-plus-sum-exp.js'

/**
 * The mean over images of -log softmax of the logit of their own class, as log(1 + sum over other classes of
 * exp(logit - own logit)), which keeps its digits where it is small.
 *
 * @param logits [B, C]
 * @param own which logit is that of an image's class, bool [B, C]
 */
export function classLogLoss(logits: tf.Tensor2D, own: tf.Tensor2D): tf.Scalar {
  const ofOwn = tf.sum(tf.where(own, logits, tf.zerosLike(logits)), 1, true)
  return tf.mean(logOnePlusSumExp(tf.sub(logits, ofOwn), { axis: 1, mask: tf.logicalNot(own) }))
}
