import { readFile } from 'node:fs/promises'
import type { CropBox } from '../../images/crop-box.js'
import { encodeJpeg } from '../../images/encode-jpeg.js'
import { defaultImageLimits, type ImageLimits } from '../../images/limits.js'
import { preparePixels } from '../../images/prepare-input.js'
import { resizeForCache } from '../../images/resize.js'
import type { Picture } from '../embed-pictures.js'

const side = 128
const kernel = 'lanczos3'

/** A small JPEG of a picture, or of its box, as a data URI. */
export const thumbnail = async (
  { path, box }: Picture,
  limits: ImageLimits = defaultImageLimits,
): Promise<string> => thumbnailOfBytes(await readFile(path), limits, box)

/** The same of a picture that is at hand. */
export async function thumbnailOfBytes(
  bytes: Uint8Array,
  limits: ImageLimits,
  box?: CropBox,
): Promise<string> {
  const pixels =
    box === undefined
      ? await resizeForCache(bytes, { shorterSide: side, kernel }, limits)
      : await preparePixels(bytes, { ...boxed, kernel }, { limits, crop: box })
  return `data:image/jpeg;base64,${Buffer.from(await encodeJpeg(pixels, 80)).toString('base64')}`
}

const boxed = {
  width: side,
  height: side,
  fit: 'contain',
  mean: [0, 0, 0],
  std: [1, 1, 1],
  layout: 'nhwc',
} as const
