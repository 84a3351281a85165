import type { Architecture } from '../bundles/manifest.js'
import type { tf } from '../tensors/tensorflow.js'
import type { TensorMap } from './tensor-map.js'

/** A network that TensorFlow runs and trains. */
export interface Network {
  readonly architecture: Architecture
  /** Values of one embedding. */
  readonly dimensions: number
  /**
   * Trainable variables by the name they have in the weights file, in TensorFlow's layout: convolutions
   * [height, width, in, out], depthwise [height, width, channels, 1], linear [in, out]. One that is not `trainable` gets
   * no gradient, and the layers before the first that learns cost none.
   */
  readonly variables: ReadonlyMap<string, tf.Variable>
  /**
   * @param images normalised pictures [N, height, width, 3] of any size
   * @returns embeddings [N, dimensions] before they are scaled to unit length; gradients flow to the variables
   */
  forward(images: tf.Tensor4D): tf.Tensor2D
  /** As `forward`, scaled to unit length: what the exported network gives. */
  embed(images: tf.Tensor4D): tf.Tensor2D
  /** A copy of the variables in the layout of the weights file. */
  weights(): TensorMap
  dispose(): void
}
