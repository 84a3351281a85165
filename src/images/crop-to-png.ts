import { checkCropBox, partOf, type CropBox } from './crop-box.js'
import { readHeader } from './image-header.js'
import type { ImageLimits } from './limits.js'
import { openImage, readPixels } from './open-image.js'
import { fromRgb } from './raw-pixels.js'

/**
 * A part of a picture as a picture of its own, for where a crop cannot be asked for: embedded whole it gives what
 * `prepareInput` gives for the picture with this crop.
 *
 * @returns a PNG without loss; the very bytes where the box is the whole picture, for then the crop changes nothing
 * @throws KindredError as `prepareInput`
 */
export async function cropToPng(bytes: Uint8Array, box: CropBox, limits: ImageLimits): Promise<Uint8Array> {
  const header = await readHeader(bytes, limits)
  const part = partOf(header, checkCropBox(box))
  if (part === undefined) return bytes
  const cropped = openImage(bytes, header, limits).extract(part)
  return fromRgb(await readPixels(cropped, header, limits))
    .png()
    .toBuffer()
}
