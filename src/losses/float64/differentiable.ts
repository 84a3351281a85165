import { tf } from '../../tensors/tensorflow.js'

/** A value and its gradient by each input, in the layout of the input. */
export interface Differentiated {
  readonly value: number
  readonly gradients: readonly Float64Array[]
}

/**
 * A loss with a hand-written gradient, computed in float64 by plain loops, as one step for automatic differentiation.
 *
 * Losses of pairs and triplets are written so: differences of close distances and exponentials of scaled similarities
 * keep their digits, no B x B x D or B x B x B tensor is ever made, a sum takes only the terms that count, and at the
 * sizes of a batch a loop costs less than TensorFlow's calls.
 *
 * @param inputs float32 tensors; where one holds a value that is not finite, the loss is NaN and the gradients are 0
 * @param compute value and gradients, one for each input
 */
export function differentiable(
  inputs: readonly tf.Tensor[],
  compute: (inputs: readonly Float64Array[]) => Differentiated,
): tf.Scalar {
  const step = tf.customGrad<tf.Scalar>((...args) => {
    const own = args.slice(0, inputs.length) as tf.Tensor[]
    const values = own.map((tensor) => Float64Array.from(tensor.dataSync()))
    const { value, gradients } = values.every((input) => input.every(Number.isFinite))
      ? compute(values)
      : { value: NaN, gradients: values.map((input) => input.fill(0)) }
    return {
      value: tf.scalar(value),
      gradFunc: (dy: tf.Scalar) =>
        gradients.map((gradient, at) =>
          tf.mul(dy, tf.tensor(Float32Array.from(gradient), own[at]?.shape ?? [], 'float32')),
        ),
    }
  })
  return step(...inputs)
}
