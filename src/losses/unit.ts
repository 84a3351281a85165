import { tf } from '../tensors/tensorflow.js'

/** Rows at unit length: v / sqrt(max(|v|^2, 1e-12)). The clamp keeps the gradient finite at v = 0. */
export function unit(rows: tf.Tensor2D): tf.Tensor2D {
  const squaredLengths = tf.sum(tf.square(rows), 1, true)
  return tf.div(rows, tf.sqrt(tf.maximum(squaredLengths, 1e-12)))
}
