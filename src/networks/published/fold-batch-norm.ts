import type { NamedTensor } from '../tensor-map.js'

/** What PyTorch adds to a variance; timm publishes MobileNetV2 and ResNet-50 with it. */
const epsilon = 1e-5

/** A BatchNorm at rest: scale * (x - mean) / sqrt(variance + epsilon) + shift, a value a channel. */
export interface BatchNorm {
  readonly scale: Float32Array
  readonly shift: Float32Array
  readonly mean: Float32Array
  readonly variance: Float32Array
}

/**
 * One convolution with bias that computes what a convolution without bias and the BatchNorm after it compute.
 *
 * @param filter [out, in, height, width]; `norm` has `out` values of each kind
 */
export function foldBatchNorm(
  filter: NamedTensor,
  norm: BatchNorm,
): { readonly weight: NamedTensor; readonly bias: NamedTensor } {
  const channels = norm.scale.length
  const perChannel = filter.data.length / channels
  const factors = Array.from(
    norm.scale,
    (scale, channel) => scale / Math.sqrt((norm.variance[channel] ?? NaN) + epsilon),
  )
  const weight = filter.data.map((value, at) => value * (factors[Math.floor(at / perChannel)] ?? NaN))
  const bias = norm.shift.map(
    (shift, channel) => shift - (norm.mean[channel] ?? NaN) * (factors[channel] ?? NaN),
  )
  return { weight: { shape: filter.shape, data: weight }, bias: { shape: [channels], data: bias } }
}
