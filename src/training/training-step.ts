import { KindredError } from '../errors.js'
import type { InputTransform } from '../images/input-transform.js'
import type { Loss } from '../losses/loss.js'
import type { Network } from '../networks/network.js'
import { tf } from '../tensors/tensorflow.js'
import type { Batch } from './batch-source.js'
import type { Optimiser } from './optimiser.js'

export interface StepReport {
  readonly loss: number
  /** Global norm of the gradient before it was clipped. */
  readonly gradientNorm: number
  /** Milliseconds of each part; tfjs-node computes at once, so they add up to the step. */
  readonly forwardMs: number
  readonly backwardMs: number
  readonly optimiserMs: number
}

/**
 * One step: forward, loss, backward, optimiser.
 *
 * @param options.rate learning rate of the backbone at this step
 * @param options.frozen whether the backbone stays as it is
 * @throws KindredError TRAINING_DIVERGED when loss or gradient is not finite; nothing has moved then
 */
export function trainingStep(
  {
    network,
    loss,
    optimiser,
    transform,
  }: {
    network: Network
    loss: Loss
    optimiser: Optimiser
    transform: InputTransform
  },
  batch: Batch,
  { rate, frozen, step }: { rate: number; frozen: boolean; step: number },
): StepReport {
  const { width, height } = transform
  return tf.tidy(() => {
    const began = performance.now()
    let forwardDone = began
    const images = tf.tensor4d(batch.inputs, [batch.labels.length, height, width, 3])
    const labels = tf.tensor1d(batch.labels, 'int32')
    const { value, grads } = tf.variableGrads(() => {
      const cost = loss.value(network.forward(images), labels)
      forwardDone = performance.now()
      return cost
    }, optimiser.learning(frozen))
    const cost = value.dataSync()[0] ?? NaN
    if (!Number.isFinite(cost)) {
      throw new KindredError('TRAINING_DIVERGED', `The loss of step ${step + 1} is ${cost}`)
    }
    const backwardDone = performance.now()
    const gradientNorm = optimiser.step(grads, rate)
    return {
      loss: cost,
      gradientNorm,
      forwardMs: forwardDone - began,
      backwardMs: backwardDone - forwardDone,
      optimiserMs: performance.now() - backwardDone,
    }
  })
}
