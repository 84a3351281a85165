import { runKernel } from './node-kernel.js'
import { tf } from './tensorflow.js'

/**
 * Scales gradients together so that their global norm, the root of the sum of all their squares, is at most `maxNorm`
 * (Pascanu et al., On the difficulty of training recurrent neural networks, 2013).
 *
 * @param gradients by name; they stay the caller's
 * @returns the gradients, new tensors that the caller disposes only where they were scaled, and the norm before; a
 * norm that is not finite leaves them as they are
 */
export function clipGradients(
  gradients: ReadonlyMap<string, tf.Tensor>,
  maxNorm: number,
): { gradients: ReadonlyMap<string, tf.Tensor>; norm: number; clipped: boolean } {
  const norm = globalNorm([...gradients.values()])
  if (!Number.isFinite(norm) || norm <= maxNorm) return { gradients, norm, clipped: false }
  const factor = tf.scalar(maxNorm / norm)
  const scaled = [...gradients].map(
    ([name, gradient]) => [name, runKernel('Mul', [gradient, factor])] as const,
  )
  factor.dispose()
  return { gradients: new Map(scaled), norm, clipped: true }
}

/** L2Loss reads a tensor once and gives half its sum of squares. */
const globalNorm = (tensors: readonly tf.Tensor[]): number =>
  tf.tidy(() => {
    const halves = tensors.map((tensor) => runKernel('L2Loss', [tensor]) as tf.Scalar)
    const sum = halves.length === 0 ? 0 : (tf.sum(tf.stack(halves)).dataSync()[0] ?? NaN)
    return Math.sqrt(2 * sum)
  })
