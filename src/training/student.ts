import type { InputTransform } from '../images/input-transform.js'
import { createNetwork } from '../networks/create-network.js'
import type { Network } from '../networks/network.js'
import type { TensorMap } from '../networks/tensor-map.js'
import type { tf } from '../tensors/tensorflow.js'

/** What a run trains, and what its examples are: a whole network on pictures, or a head on features. */
export interface Student {
  /** Values of one embedding. */
  readonly dimensions: number
  /** Shape of one example: [height, width, 3] of a normalised picture, or [features]. */
  readonly exampleShape: readonly number[]
  /** Trainable variables by their names in the weights file. */
  readonly variables: ReadonlyMap<string, tf.Variable>
  /**
   * @param examples [N, ...exampleShape]
   * @returns embeddings [N, dimensions] before they are scaled to unit length; gradients flow to the variables
   */
  forward(examples: tf.Tensor): tf.Tensor2D
  /** As `forward`, scaled to unit length. */
  embed(examples: tf.Tensor): tf.Tensor2D
  /** A copy of the variables in the layout of the weights file. */
  weights(): TensorMap
  /** Another of the same kind with these weights; it is the caller's to dispose. */
  twin(weights: TensorMap): Student
  dispose(): void
}

/** A network that learns from pictures. The student owns it. */
export function pictureStudent(
  network: Network,
  { width, height }: Pick<InputTransform, 'width' | 'height'>,
): Student {
  const { architecture, dimensions, variables } = network
  const exampleShape = [height, width, 3]
  return {
    dimensions,
    exampleShape,
    variables,
    forward: (examples) => network.forward(examples as tf.Tensor4D),
    embed: (examples) => network.embed(examples as tf.Tensor4D),
    weights: () => network.weights(),
    twin: (weights) => pictureStudent(createNetwork(architecture, { seed: 0, weights }), { width, height }),
    dispose: () => {
      network.dispose()
    },
  }
}
