import { float32, runKernel, runsOnGpu, type KernelAttributes } from './node-kernel.js'
import { tf } from './tensorflow.js'

export type Activation = 'none' | 'relu' | 'relu6'

/**
 * activation(convolution + bias) in one kernel that writes its result once, where three kernels would write it three
 * times; on a processor these layers cost what they read and write. They are the kernels that TensorFlow puts into
 * graphs when oneDNN is on; tfjs runs operations one by one, so they are asked for by name.
 */
export interface FusedKernels {
  /** @param rows [N, in] @param matrix [in, out] @param bias [out] */
  product(rows: tf.Tensor, matrix: tf.Tensor, bias: tf.Tensor, activation: Activation): tf.Tensor
  /** @param attributes of DepthwiseConv2dNative */
  depthwise(
    x: tf.Tensor,
    filter: tf.Tensor,
    bias: tf.Tensor,
    activation: Activation,
    attributes: KernelAttributes,
  ): tf.Tensor
  /** Without activation: this kernel has none. @param attributes of Conv2D */
  convolution(x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor, attributes: KernelAttributes): tf.Tensor
}

/** The fused kernels, null where this TensorFlow lacks one: it depends on the build and the processor. */
export function fusedKernels(): FusedKernels | null {
  found ??= { kernels: areThere() ? kernels : null }
  return found.kernels
}

let found: { readonly kernels: FusedKernels | null } | undefined

const oneDnn: KernelAttributes = { _kernel: { type: 'string', value: 'MklNameChangeOp' } }

const kernels: FusedKernels = {
  product: (rows, matrix, bias, activation) =>
    runKernel('_FusedMatMul', [rows, matrix, bias], { T: float32, ...fusedOps(activation) }),
  depthwise: (x, filter, bias, activation, attributes) =>
    runKernel('_MklNativeFusedDepthwiseConv2dNative', [x, filter, bias], {
      ...attributes,
      ...oneDnn,
      ...fusedOps(activation),
    }),
  convolution: (x, filter, bias, attributes) =>
    runKernel('_MklNativeConv2DWithBias', [x, filter, bias], { ...attributes, ...oneDnn }),
}

const activations = { none: [], relu: ['Relu'], relu6: ['Relu6'] } as const

const fusedOps = (activation: Activation): KernelAttributes => ({
  num_args: { type: 'int', value: 1 },
  fused_ops: { type: 'string', value: ['BiasAdd', ...activations[activation]] },
})

/** Found by trying each of them. */
function areThere(): boolean {
  if (runsOnGpu() || process.env['TF_ENABLE_ONEDNN_OPTS'] !== '1') return false
  return tf.tidy(() => {
    const [x, filter, bias] = [tf.fill([1, 1, 1, 1], 3), tf.fill([1, 1, 1, 1], 4), tf.ones([1])]
    const matrix = tf.fill([1, 1], 4)
    const attributes: KernelAttributes = {
      T: float32,
      strides: { type: 'int', value: [1, 1, 1, 1] },
      padding: { type: 'string', value: 'SAME' },
    }
    try {
      const results = [
        kernels.product(tf.fill([1, 1], 3), matrix, bias, 'relu6'),
        kernels.depthwise(x, filter, bias, 'relu6', attributes),
        kernels.convolution(x, filter, bias, attributes),
      ]
      return results.map((result) => result.dataSync()[0]).join() === '6,6,13'
    } catch {
      return false
    }
  })
}
