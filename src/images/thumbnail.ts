import { encodeJpeg } from './encode-jpeg.js'
import type { ImageLimits } from './limits.js'
import { resizeForCache } from './resize.js'

/** At 320 pixels some 20 kB a photo; `npm run bench:thumbnails` tells what it costs an embedding. */
const quality = 85

/**
 * A small JPEG of a whole picture: upright, sRGB, its shorter side at most `side` pixels, never enlarged, without EXIF
 * or any other metadata.
 *
 * @throws KindredError as `decodeImage`
 */
export async function makeThumbnail(
  bytes: Uint8Array,
  side: number,
  limits: ImageLimits,
): Promise<Uint8Array> {
  const pixels = await resizeForCache(bytes, { shorterSide: side, kernel: 'lanczos3' }, limits)
  return encodeJpeg(pixels, quality)
}
