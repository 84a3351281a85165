import { runKernel, type KernelAttributes } from './node-kernel.js'
import { symmetricPadding } from './symmetric-padding.js'
import type { tf } from './tensorflow.js'

/** A square window of odd side that reaches floor(kernel / 2) beyond each edge; what lies there never wins. */
export interface MaxPool {
  readonly kernel: number
  readonly stride: number
}

/**
 * Largest value of each window; tfjs-node has no pooling with explicit padding. Records no gradient.
 *
 * @param x [N, height, width, channels]
 * @returns [N, ceil(height / stride), ceil(width / stride), channels]
 */
export const maxPool = (x: tf.Tensor, how: MaxPool): tf.Tensor => runKernel('MaxPool', [x], attributesOf(how))

/** Gradient by `x` of `maxPool`; of equal values in a window the first has it. @param dy stays the caller's */
export const maxPoolBackward = (
  dy: tf.Tensor,
  { x, y }: { x: tf.Tensor; y: tf.Tensor },
  how: MaxPool,
): tf.Tensor => runKernel('MaxPoolGrad', [x, y, dy], attributesOf(how))

const attributesOf = ({ kernel, stride }: MaxPool): KernelAttributes => ({
  ...symmetricPadding(kernel, stride),
  ksize: { type: 'int', value: [1, kernel, kernel, 1] },
})
