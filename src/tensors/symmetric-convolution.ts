import type { Convolution, ConvolutionGradients } from './convolution.js'
import { float32, runKernel, type KernelAttributes } from './node-kernel.js'
import { symmetricPadding } from './symmetric-padding.js'
import { tf } from './tensorflow.js'

/**
 * As `convolve` and `convolveBackward`, with floor(kernel / 2) pixels of padding on each side as PyTorch programs have
 * it, for the few strided layers where that differs from TensorFlow's SAME.
 *
 * @param x [N, height, width, in]
 * @param filter [k, k, in, out], or [k, k, channels, 1] when depthwise; k odd
 * @param bias [out]
 * @returns [N, ceil(height / stride), ceil(width / stride), out]
 */
export function convolveSymmetric(
  x: tf.Tensor,
  filter: tf.Tensor,
  bias: tf.Tensor,
  how: Convolution,
): tf.Tensor {
  return tf.tidy(() => {
    const kernel = how.depthwise ? 'DepthwiseConv2dNative' : 'Conv2D'
    const sum = runKernel(
      'BiasAdd',
      [runKernel(kernel, [x, filter], attributesOf(filter, how)), bias],
      biasAttributes,
    )
    return how.activation === 'none' ? sum : runKernel(how.activation === 'relu' ? 'Relu' : 'Relu6', [sum])
  })
}

/**
 * @param dy gradient by the result `y` of `convolveSymmetric`; it stays the caller's
 * @param wantsX false where nothing before this convolution learns
 */
export function convolveSymmetricBackward(
  dy: tf.Tensor,
  { x, filter, y }: { x: tf.Tensor; filter: tf.Tensor; y: tf.Tensor },
  how: Convolution,
  wantsX: boolean,
): ConvolutionGradients {
  return tf.tidy(() => {
    const { activation } = how
    const inner =
      activation === 'none' ? dy : runKernel(activation === 'relu' ? 'ReluGrad' : 'Relu6Grad', [dy, y])
    const backprop = how.depthwise ? 'DepthwiseConv2dNativeBackprop' : 'Conv2DBackprop'
    const attributes = attributesOf(filter, how)
    return {
      filter: runKernel(`${backprop}Filter`, [x, sizes(filter), inner], attributes),
      bias: runKernel('BiasAddGrad', [inner], biasAttributes),
      x: wantsX ? runKernel(`${backprop}Input`, [sizes(x), filter, inner], attributes) : undefined,
    }
  })
}

const sizes = ({ shape }: tf.Tensor): tf.Tensor => tf.tensor1d(shape, 'int32')

const attributesOf = ({ shape: [kernel = 1] }: tf.Tensor, { stride }: Convolution): KernelAttributes => ({
  ...symmetricPadding(kernel, stride),
  dilations: { type: 'int', value: [1, 1, 1, 1] },
})

const biasAttributes: KernelAttributes = { T: float32, data_format: { type: 'string', value: 'NHWC' } }
