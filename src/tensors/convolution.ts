import { fusedKernels, type Activation, type FusedKernels } from './fused-convolution.js'
import { float32, int32, runKernel, type KernelAttributes } from './node-kernel.js'
import { tf } from './tensorflow.js'

/** activation(convolution(x) + bias) with TensorFlow's SAME padding, on NHWC tensors. */
export interface Convolution {
  readonly stride: number
  /** One filter per channel, given as [height, width, channels, 1]. */
  readonly depthwise: boolean
  readonly activation: Activation
}

/** Gradients of a loss by what a convolution was given. */
export interface ConvolutionGradients {
  readonly filter: tf.Tensor
  readonly bias: tf.Tensor
  /** Undefined where it was not asked for. */
  readonly x: tf.Tensor | undefined
}

/**
 * Records no gradient: `convolveBackward` gives it.
 *
 * @param x [N, height, width, in]
 * @param filter [k, k, in, out], or [k, k, channels, 1] when depthwise
 * @param bias [out]
 * @returns [N, ceil(height / stride), ceil(width / stride), out]
 */
export function convolve(x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor, how: Convolution): tf.Tensor {
  const { activation, depthwise } = how
  const attributes = convolutionAttributes(how)
  const fused = fusedKernels()
  if (fused === null) {
    const kernel = depthwise ? 'DepthwiseConv2dNative' : 'Conv2D'
    return activate(addBias(runKernel(kernel, [x, filter], attributes), bias), activation)
  }
  if (depthwise) return fused.depthwise(x, filter, bias, activation, attributes)
  if (isPointwise(filter, how)) return pointwise(x, filter, bias, activation, fused)
  return activate(fused.convolution(x, filter, bias, attributes), activation)
}

function pointwise(
  x: tf.Tensor,
  filter: tf.Tensor,
  bias: tf.Tensor,
  activation: Activation,
  fused: FusedKernels,
): tf.Tensor {
  const [inChannels = 1, outChannels = 1] = filter.shape.slice(2)
  return tf.tidy(() => {
    const rows = fused.product(
      reshape(x, [-1, inChannels]),
      reshape(filter, [inChannels, outChannels]),
      bias,
      activation,
    )
    return reshape(rows, [...x.shape.slice(0, 3), outChannels])
  })
}

/** @param x NHWC; disposed */
function addBias(x: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const sum = runKernel('BiasAdd', [x, bias], nhwc)
  x.dispose()
  return sum
}

/** @param x disposed where another tensor is returned */
function activate(x: tf.Tensor, activation: Activation): tf.Tensor {
  if (activation === 'none') return x
  const activated = runKernel(activation === 'relu' ? 'Relu' : 'Relu6', [x])
  x.dispose()
  return activated
}

/**
 * Gradients by TensorFlow's own kernels. tfjs builds the gradient of relu6 from comparisons and casts and that of the
 * bias from a reduction over three axes, which together take longer than the convolutions.
 *
 * @param dy gradient by the result `y` of `convolve`; it stays the caller's
 * @param wantsX false where nothing before this convolution learns
 */
export function convolveBackward(
  dy: tf.Tensor,
  { x, filter, y }: { x: tf.Tensor; filter: tf.Tensor; y: tf.Tensor },
  how: Convolution,
  wantsX: boolean,
): ConvolutionGradients {
  // The gradient of both rectifiers is zero exactly where their result is at a bound, so y serves as well as its input.
  const inner =
    how.activation === 'none' ? dy : runKernel(how.activation === 'relu' ? 'ReluGrad' : 'Relu6Grad', [dy, y])
  const bias = sumOverPixels(inner)
  const gradients = isPointwise(filter, how) ? pointwiseBackward : kernelBackward
  const found = gradients(inner, x, filter, how, wantsX)
  if (inner !== dy) inner.dispose()
  return { ...found, bias }
}

/** [N, height, width, channels] to [channels]; as a product it takes about two thirds of the time of BiasAddGrad. */
function sumOverPixels(dy: tf.Tensor): tf.Tensor {
  const [channels = 1] = dy.shape.slice(3)
  return tf.tidy(() => {
    const pixels = reshape(dy, [-1, channels])
    const [count = 1] = pixels.shape
    return reshape(multiply(tf.ones([1, count]), pixels, false, false), [channels])
  })
}

/** A 1 x 1 convolution is a matrix product over all pixels, and TensorFlow's products are faster than its convolutions. */
const isPointwise = ({ shape: [height, width] }: tf.Tensor, { depthwise, stride }: Convolution): boolean =>
  !depthwise && stride === 1 && height === 1 && width === 1

function pointwiseBackward(
  dy: tf.Tensor,
  x: tf.Tensor,
  filter: tf.Tensor,
  _: Convolution,
  wantsX: boolean,
): Omit<ConvolutionGradients, 'bias'> {
  const [inChannels = 1, outChannels = 1] = filter.shape.slice(2)
  return tf.tidy(() => {
    const pixels = reshape(x, [-1, inChannels])
    const byPixel = reshape(dy, [-1, outChannels])
    const byFilter = reshape(multiply(pixels, byPixel, true, false), filter.shape)
    if (!wantsX) return { filter: byFilter, x: undefined }
    const matrix = reshape(filter, [inChannels, outChannels])
    return { filter: byFilter, x: reshape(multiply(byPixel, matrix, false, true), x.shape) }
  })
}

function kernelBackward(
  dy: tf.Tensor,
  x: tf.Tensor,
  filter: tf.Tensor,
  how: Convolution,
  wantsX: boolean,
): Omit<ConvolutionGradients, 'bias'> {
  const { byFilter, byInput } = backwardKernels(how)
  const attributes = convolutionAttributes(how)
  return tf.tidy(() => ({
    filter: runKernel(byFilter, [x, sizes(filter), dy], attributes),
    x: wantsX ? runKernel(byInput, [sizes(x), filter, dy], attributes) : undefined,
  }))
}

const sizes = ({ shape }: tf.Tensor): tf.Tensor => tf.tensor1d(shape, 'int32')

function reshape(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  return runKernel('Reshape', [x, tf.tensor1d([...shape], 'int32')], { T: float32, Tshape: int32 })
}

function multiply(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor {
  return runKernel('MatMul', [a, b], {
    T: float32,
    transpose_a: { type: 'bool', value: transposeA },
    transpose_b: { type: 'bool', value: transposeB },
  })
}

const backwardKernels = ({ depthwise }: Convolution): { byFilter: string; byInput: string } =>
  depthwise
    ? {
        byFilter: 'DepthwiseConv2dNativeBackpropFilter',
        byInput: 'DepthwiseConv2dNativeBackpropInput',
      }
    : { byFilter: 'Conv2DBackpropFilter', byInput: 'Conv2DBackpropInput' }

const nhwc: KernelAttributes = { T: float32, data_format: { type: 'string', value: 'NHWC' } }

const convolutionAttributes = ({ stride }: Convolution): KernelAttributes => ({
  ...nhwc,
  strides: { type: 'int', value: [1, stride, stride, 1] },
  padding: { type: 'string', value: 'SAME' },
  dilations: { type: 'int', value: [1, 1, 1, 1] },
})
