import { tf } from '../tensors/tensorflow.js'

/** Which proxy is that of an image's class: bool [B, C]. */
export function sameClass(labels: Int32Array, classes: number): tf.Tensor2D {
  return tf.equal(tf.expandDims(tf.tensor1d(labels, 'int32'), 1), tf.range(0, classes, 1, 'int32'))
}
