import { fromRgb } from './raw-pixels.js'
import type { RgbImage } from './rgb-image.js'

/** Writes pixels as a JPEG file's bytes. @param quality 1 to 100 */
export async function encodeJpeg(image: RgbImage, quality = 90): Promise<Uint8Array> {
  return fromRgb(image).jpeg({ quality }).toBuffer()
}
