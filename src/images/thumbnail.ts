import { encodeJpeg } from './encode-jpeg.js'
import { readHeader, type ImageHeader } from './image-header.js'
import type { ImageLimits } from './limits.js'
import { openImage, readPixels } from './open-image.js'
import { resizeOpened } from './resize.js'

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
  return thumbnailOf(bytes, await readHeader(bytes, limits), side, limits)
}

/** The same of a picture whose header was read. */
export async function thumbnailOf(
  bytes: Uint8Array,
  header: ImageHeader,
  side: number,
  limits: ImageLimits,
): Promise<Uint8Array> {
  const [shorter, longer] = [Math.min(header.width, header.height), Math.max(header.width, header.height)]
  const shorterSide = Math.max(1, Math.min(side, Math.floor((longest * side * shorter) / longer)))
  const resized = resizeOpened(openImage(bytes, header, limits), header, {
    width: shorterSide,
    height: shorterSide,
    fit: 'outside',
    kernel: 'lanczos3',
    withoutEnlargement: true,
    fastShrinkOnLoad: false,
  })
  return encodeJpeg(await readPixels(resized, header, limits), quality)
}
