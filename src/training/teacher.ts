import { createNetwork } from '../networks/create-network.js'
import type { Network } from '../networks/network.js'
import type { TensorMap } from '../networks/tensor-map.js'
import type { tf } from '../tensors/tensorflow.js'

/** The network as it stood at the end of the previous epoch, for regularisers that compare with it. */
export interface Teacher {
  /**
   * @param images normalised pictures [N, height, width, 3]
   * @returns embeddings [N, dimensions] before unit length; no gradient flows to them
   */
  embed(images: tf.Tensor4D): tf.Tensor2D
  /** Takes the weights of the student as they stand now. */
  follow(student: Network): void
  /** Its weights, for a checkpoint. */
  weights(): TensorMap
  dispose(): void
}

/** @param weights those of the student at first, or those of a checkpoint */
export function createTeacher({ architecture }: Network, weights: TensorMap): Teacher {
  const network = createNetwork(architecture, { seed: 0, weights })
  return {
    embed: (images) => network.forward(images),
    follow(student) {
      for (const [name, variable] of student.variables) network.variables.get(name)?.assign(variable)
    },
    weights: () => network.weights(),
    dispose: () => {
      network.dispose()
    },
  }
}
