import { tf } from './tensorflow.js'

/**
 * The values of the tensor that `compute` returns; everything else it makes is disposed.
 *
 * Values read inside `tf.tidy` and returned from it are slow: tidy looks for tensors among them, one value at a time.
 */
export function readValues(compute: () => tf.Tensor): Float32Array {
  const tensor = tf.tidy(compute)
  try {
    return tensor.dataSync<'float32'>()
  } finally {
    tensor.dispose()
  }
}
