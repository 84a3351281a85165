import { encodeJpeg } from './encode-jpeg.js'
import { readHeader } from './image-header.js'
import type { ImageLimits } from './limits.js'
import { resizeForCache } from './resize.js'

/** At 320 pixels some 20 kB a photo; `npm run bench:thumbnails` tells what it costs an embedding. */
const quality = 85
/** Of the longer side to `side`; a JPEG has 65,535 pixels a side at most, and a strip shows little. */
const longest = 16

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
  const { width, height } = await readHeader(bytes, limits)
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)]
  const shorterSide = Math.max(1, Math.min(side, Math.floor((longest * side * shorter) / longer)))
  const pixels = await resizeForCache(bytes, { shorterSide, kernel: 'lanczos3' }, limits)
  return encodeJpeg(pixels, quality)
}
