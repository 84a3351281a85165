import { tf } from '../tensors/tensorflow.js'

/**
 * A loss of embeddings that are finite. Where one is not, the value is NaN, which stops training, and the gradient by
 * every input 0: it must not reach what learns before the value is seen.
 *
 * @param embeddings raw embeddings, [B, D]
 * @param others what else the loss is differentiable in
 */
export function whereFinite(
  embeddings: tf.Tensor2D,
  others: readonly tf.Tensor[],
  loss: () => tf.Scalar,
): tf.Scalar {
  if (embeddings.dataSync().every(Number.isFinite)) return loss()
  const inputs = [embeddings, ...others]
  const broken = tf.customGrad<tf.Scalar>(() => ({
    value: tf.scalar(NaN),
    gradFunc: () => inputs.map(({ shape }) => tf.zeros(shape)),
  }))
  return broken(...inputs)
}
