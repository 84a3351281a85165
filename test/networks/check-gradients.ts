import { expect } from 'vitest'
import type { Network } from '../../src/networks/network.js'
import { tf } from '../../src/tensors/tensorflow.js'

/**
 * Holds the gradients of a network against finite differences: along the gradient of each tensor a loss must rise as
 * steeply as it says.
 *
 * @param images [N, height, width, 3]
 * @param options.rise share of the loss by which the step of the difference changes it
 * @param options.tensors those that are looked at, by name; all where absent
 */
export function checkGradients(
  network: Network,
  images: tf.Tensor4D,
  { rise, tensors = /^/ }: { rise: number; tensors?: RegExp },
): void {
  const direction = tf.randomNormal([network.dimensions, 1], 0, 1, 'float32', 3)
  const loss = (): tf.Scalar => tf.sum<tf.Scalar>(tf.matMul(network.forward(images), direction))
  const { grads } = tf.variableGrads(loss)
  for (const [name, variable] of network.variables) {
    if (!tensors.test(name)) continue
    const gradient = grads[variable.name]
    if (gradient === undefined) throw new Error(`no gradient for ${name}`)
    const start = variable.clone()
    const at = (step: number): number => {
      variable.assign(tf.add(start, tf.mul(gradient, step)))
      return loss().dataSync()[0] ?? NaN
    }
    const steepness = tf.sum(tf.square(gradient)).dataSync()[0] ?? NaN
    const step = (rise * Math.max(1, Math.abs(at(0)))) / steepness
    expect((at(step) - at(-step)) / (2 * step * steepness), name).toBeCloseTo(1, 1)
    variable.assign(start)
  }
}
