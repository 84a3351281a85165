import { float32, runKernel, runsOnGpu, type KernelAttributes } from './node-kernel.js'
import { tf } from './tensorflow.js'

/**
 * Convolution plus bias, not depthwise. Where TensorFlow has oneDNN one kernel does both; it is the one TensorFlow puts
 * into graphs, and is reached by its internal name because tfjs runs operations one by one.
 *
 * @param attributes of Conv2D
 */
export function convolutionWithBias(
  x: tf.Tensor,
  filter: tf.Tensor,
  bias: tf.Tensor,
  attributes: KernelAttributes,
): tf.Tensor {
  fused ??= canFuse()
  if (fused) return fusedConvolution(x, filter, bias, attributes)
  return addBias(runKernel('Conv2D', [x, filter], attributes), bias)
}

/** @param x NHWC; disposed */
export function addBias(x: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const sum = runKernel('BiasAdd', [x, bias], { T: float32, data_format: { type: 'string', value: 'NHWC' } })
  x.dispose()
  return sum
}

let fused: boolean | undefined

const fusedConvolution = (
  x: tf.Tensor,
  filter: tf.Tensor,
  bias: tf.Tensor,
  attributes: KernelAttributes,
): tf.Tensor =>
  runKernel('_MklNativeConv2DWithBias', [x, filter, bias], {
    ...attributes,
    _kernel: { type: 'string', value: 'MklNameChangeOp' },
  })

/** Whether this TensorFlow has the fused kernel, found by trying it: it depends on the build and the processor. */
function canFuse(): boolean {
  if (runsOnGpu() || process.env['TF_ENABLE_ONEDNN_OPTS'] !== '1') return false
  return tf.tidy(() => {
    try {
      const [x, filter, bias] = [tf.ones([1, 1, 1, 1]), tf.ones([1, 1, 1, 1]), tf.ones([1])]
      const sum = fusedConvolution(x, filter, bias, {
        T: float32,
        strides: { type: 'int', value: [1, 1, 1, 1] },
        padding: { type: 'string', value: 'SAME' },
      })
      return sum.dataSync()[0] === 2
    } catch {
      return false
    }
  })
}
