import { tf } from '../tensors/tensorflow.js'

/** Small enough that its exponential is 0 in float32 whatever it is compared with, and no infinity to make NaN of. */
const never = -1e30

/**
 * log(1 + sum over the rows where `mask` holds of exp(terms)), for each column: [B, C] -> [C]. It is a log-sum-exp
 * whose first term is 0, so it neither overflows nor loses small sums; a column without a term gives 0.
 */
export function logOnePlusSumExp(terms: tf.Tensor2D, mask: tf.Tensor2D): tf.Tensor1D {
  const zero = tf.zeros([1, terms.shape[1]])
  return tf.logSumExp(tf.concat([zero, tf.where(mask, terms, never)], 0), 0)
}
