/**
 * How a picture becomes a network's input. It belongs to the model bundle, so that training, indexing and
 * serving prepare a picture alike.
 */
export interface InputTransform {
  /** Pixels of the network's input. */
  readonly width: number
  readonly height: number
  /** squash: both sides to the target; cover: fill, then crop the centre; contain: fit, then pad with white. */
  readonly fit: 'squash' | 'cover' | 'contain'
  /** Resampling kernel; `linear` is an area-weighted triangle when shrinking. */
  readonly kernel: 'nearest' | 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3'
  /** input = (pixel / 255 - mean) / std, for red, green, blue. */
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
  /** Order of the values handed to the network. */
  readonly layout: 'nhwc' | 'nchw'
}
