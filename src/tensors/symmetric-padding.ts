import { float32, type KernelAttributes } from './node-kernel.js'

/**
 * Attributes of an operation whose windows of odd size move over NHWC tensors, floor(kernel / 2) beyond each edge.
 */
export const symmetricPadding = (kernel: number, stride: number): KernelAttributes => {
  const beyond = (kernel - 1) / 2
  return {
    T: float32,
    data_format: { type: 'string', value: 'NHWC' },
    strides: { type: 'int', value: [1, stride, stride, 1] },
    padding: { type: 'string', value: 'EXPLICIT' },
    explicit_paddings: { type: 'int', value: [0, 0, beyond, beyond, beyond, beyond, 0, 0] },
  }
}
