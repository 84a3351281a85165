import type { TensorMap } from '../networks/tensor-map.js'
import type { tf } from '../tensors/tensorflow.js'
import type { Student } from './student.js'

/** The student as it stood at the end of the previous epoch, for regularisers that compare with it. */
export interface Teacher {
  /**
   * @param examples as the student takes them
   * @returns embeddings [N, dimensions] before unit length; no gradient flows to them
   */
  embed(examples: tf.Tensor): tf.Tensor2D
  /** Takes the weights of the student as they stand now. */
  follow(student: Student): void
  /** Its weights, for a checkpoint. */
  weights(): TensorMap
  dispose(): void
}

/** @param weights those of the student at first, or those of a checkpoint */
export function createTeacher(student: Student, weights: TensorMap): Teacher {
  const twin = student.twin(weights)
  return {
    embed: (examples) => twin.forward(examples),
    follow(now) {
      for (const [name, variable] of now.variables) twin.variables.get(name)?.assign(variable)
    },
    weights: () => twin.weights(),
    dispose: () => {
      twin.dispose()
    },
  }
}
