import { KindredError } from '../errors.js'
import { checkCropBox, partOf, type CropBox } from './crop-box.js'
import { readHeader } from './image-header.js'
import type { ImageLimits } from './limits.js'
import { openImage, readPixels } from './open-image.js'
import { fromRgb } from './raw-pixels.js'
import type { RgbImage } from './rgb-image.js'

/** Pixels of a side, by the format. */
const widestWebp = 16_383

/**
 * A part of a picture as a picture of its own, for where a crop cannot be asked for: embedded whole it gives what
 * `prepareInput` gives for the picture with this crop.
 *
 * @param most bytes that it may have
 * @returns a PNG or a WebP, both without loss; the very bytes where the box is the whole picture, for then the crop changes
 * nothing
 * @throws KindredError as `prepareInput`; IMAGE_TOO_LARGE where neither is small enough
 */
export async function cropWithoutLoss(
  bytes: Uint8Array,
  box: CropBox,
  limits: ImageLimits,
  most: number,
): Promise<Uint8Array> {
  const header = await readHeader(bytes, limits)
  const part = partOf(header, checkCropBox(box))
  if (part === undefined) return bytes
  const cropped = await readPixels(openImage(bytes, header, limits).extract(part), header, limits)
  return encodeWithin(cropped, most)
}

async function encodeWithin(pixels: RgbImage, most: number): Promise<Uint8Array> {
  const { width, height } = pixels
  const png = await fromRgb(pixels).png().toBuffer()
  if (png.length <= most) return png
  // About two thirds of the bytes of a photo, for many times the time.
  if (Math.max(width, height) <= widestWebp) {
    const webp = await fromRgb(pixels).webp({ lossless: true }).toBuffer()
    if (webp.length <= most) return webp
  }
  throw new KindredError(
    'IMAGE_TOO_LARGE',
    `Its box, cut out without loss (${width} x ${height} pixels), has more than ${most} bytes`,
    { hint: 'The setting maxImageBytes of the server raises the limit.' },
  )
}
