import { tf } from '../tensors/tensorflow.js'

/** Small enough that its exponential is 0 in float32 whatever it is compared with, and no infinity to make NaN of. */
const never = -1e30

/**
 * log(1 + sum of exp(terms)) along an axis of [N, M], over the terms where `mask` holds. As softplus(log sum exp(terms))
 * it neither overflows nor loses the digits of small sums; without a term it is 0.
 */
export function logOnePlusSumExp(
  terms: tf.Tensor2D,
  { axis, mask }: { axis: 0 | 1; mask?: tf.Tensor2D },
): tf.Tensor1D {
  const counted = mask === undefined ? terms : tf.where(mask, terms, never)
  return tf.softplus(tf.logSumExp(counted, axis))
}
