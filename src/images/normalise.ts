import { expected } from '../errors.js'
import type { InputTransform } from './input-transform.js'
import type { RgbImage } from './rgb-image.js'

/**
 * Network input of an image that already has the transform's size: (pixel / 255 - mean) / std.
 *
 * @returns 3 * width * height values in the transform's layout
 * @throws KindredError INVALID_ARGUMENT when the image has another size
 */
export function normalisePixels(image: RgbImage, transform: InputTransform): Float32Array {
  const out = new Float32Array(3 * transform.width * transform.height)
  normaliseInto(image, transform, out, 0)
  return out
}

/** The same, written into `out` from `offset` on: one slot of a batch. */
export function normaliseInto(
  image: RgbImage,
  transform: InputTransform,
  out: Float32Array,
  offset: number,
): void {
  const { width, height, layout } = transform
  const pixels = width * height
  if (image.width !== width || image.height !== height || image.data.length !== 3 * pixels) {
    throw expected(`an image of ${width} x ${height} pixels`, 'image', `${image.width} x ${image.height}`)
  }
  if (offset < 0 || offset + 3 * pixels > out.length) {
    throw expected(`room for ${3 * pixels} values from offset ${offset}`, 'out', out.length)
  }
  const table = valueOfPixel(transform)
  const { data } = image
  const [nextPixel, nextChannel] = layout === 'nchw' ? [1, pixels] : [3, 1]
  for (let from = 0, to = offset; from < data.length; from += 3, to += nextPixel) {
    out[to] = table[data[from] ?? 0] ?? 0
    out[to + nextChannel] = table[256 + (data[from + 1] ?? 0)] ?? 0
    out[to + 2 * nextChannel] = table[512 + (data[from + 2] ?? 0)] ?? 0
  }
}

/** All values a channel can take, 256 for red, then green, then blue; rounded once to float32. */
function valueOfPixel({ mean, std }: InputTransform): Float32Array {
  const table = new Float32Array(3 * 256)
  for (const channel of [0, 1, 2] as const) {
    for (let pixel = 0; pixel < 256; pixel++) {
      table[256 * channel + pixel] = (pixel / 255 - mean[channel]) / std[channel]
    }
  }
  return table
}
