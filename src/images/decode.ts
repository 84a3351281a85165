import { readHeader } from './image-header.js'
import { defaultImageLimits, type ImageLimits } from './limits.js'
import { openImage, readPixels } from './open-image.js'
import type { RgbImage } from './rgb-image.js'

/**
 * Decodes JPEG, PNG, WebP, GIF, TIFF, AVIF and, where allowed, SVG at full size: first frame or page, upright, sRGB,
 * alpha on white.
 *
 * @throws KindredError IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_TOO_MANY_PIXELS, IMAGE_UNSUPPORTED, IMAGE_CORRUPT
 */
export async function decodeImage(
  bytes: Uint8Array,
  limits: ImageLimits = defaultImageLimits,
): Promise<RgbImage> {
  const header = await readHeader(bytes, limits)
  return readPixels(openImage(bytes, header, limits), header, limits)
}
