import type { Activation } from './fused-convolution.js'
import { runKernel } from './node-kernel.js'
import type { tf } from './tensorflow.js'

const kernels = {
  relu: { forward: 'Relu', backward: 'ReluGrad' },
  relu6: { forward: 'Relu6', backward: 'Relu6Grad' },
} as const

/** activation(a + b) of tensors of one shape, which stay the caller's. Records no gradient. */
export function addActivated(a: tf.Tensor, b: tf.Tensor, activation: Activation): tf.Tensor {
  const sum = runKernel('AddV2', [a, b])
  if (activation === 'none') return sum
  const activated = runKernel(kernels[activation].forward, [sum])
  sum.dispose()
  return activated
}

/** Gradient of `addActivated` by each of the two. @param y its result @param dy stays the caller's */
export const addActivatedBackward = (dy: tf.Tensor, y: tf.Tensor, activation: Activation): tf.Tensor =>
  activation === 'none' ? dy.clone() : runKernel(kernels[activation].backward, [dy, y])
