import { KindredError } from '../errors.js'
import { detectKind } from './detect-kind.js'
import { refusedSvg, toImageError, tooManyPixels, tooManyScans, unsupportedImage } from './image-errors.js'
import type { ImageKind } from './image-kind.js'
import { countJpegScans } from './jpeg-scans.js'
import type { ImageLimits } from './limits.js'
import { sharp } from './sharp.js'

/** What a picture says of itself before it is decoded. */
export interface ImageHeader {
  readonly kind: ImageKind
  /** Pixels of the first frame or page, after EXIF rotation. */
  readonly width: number
  readonly height: number
  /** EXIF orientation, 1 to 8; 1 is upright. */
  readonly orientation: number
  /** libvips' name of the colour space: srgb, rgb16, b-w, grey16, cmyk, ... */
  readonly space: string
  /** Whether it carries EXIF, XMP or IPTC data, which may tell where and by whom it was taken. */
  readonly annotated: boolean
}

/** A picture at the limit of pixels may have this many JPEG scans, a smaller one more; encoders write up to about 12. */
const scansAtLimit = 16

/**
 * Reads the header and holds it against the limits; no pixel is decoded.
 *
 * @throws KindredError IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_UNSUPPORTED, IMAGE_CORRUPT, IMAGE_TOO_MANY_PIXELS
 */
export async function readHeader(bytes: Uint8Array, limits: ImageLimits): Promise<ImageHeader> {
  const kind = acceptKind(bytes, limits)
  const { width, height, orientation, space, annotated } = await readMetadata(bytes, kind, limits)
  if (width * height > limits.maxPixels) throw tooManyPixels({ width, height }, limits.maxPixels)
  if (kind === 'jpeg') {
    const scans = countJpegScans(bytes)
    if (scans * width * height > scansAtLimit * limits.maxPixels) throw tooManyScans(scans, { width, height })
  }
  return { kind, width, height, orientation, space, annotated }
}

function acceptKind(bytes: Uint8Array, limits: ImageLimits): ImageKind {
  if (bytes.length === 0) {
    throw new KindredError('IMAGE_EMPTY', 'The image has no bytes; send the content of an image file')
  }
  if (bytes.length > limits.maxBytes) {
    throw new KindredError(
      'IMAGE_TOO_LARGE',
      `The image file has ${bytes.length} bytes, and at most ${limits.maxBytes} are accepted; send a smaller one`,
      { hint: 'The setting maxImageBytes raises the limit.' },
    )
  }
  const found = detectKind(bytes)
  if (!('kind' in found)) throw unsupportedImage(found)
  if (found.kind === 'svg' && !limits.allowSvg) throw refusedSvg()
  return found.kind
}

async function readMetadata(bytes: Uint8Array, kind: ImageKind, limits: ImageLimits) {
  try {
    const metadata = await sharp(bytes, { failOn: 'error', limitInputPixels: false }).metadata()
    const { width, height } = metadata.autoOrient
    const { orientation = 1, space, exif, xmp, iptc } = metadata
    const annotated = exif !== undefined || xmp !== undefined || iptc !== undefined
    return { width, height, orientation, space, annotated }
  } catch (thrown) {
    throw toImageError(thrown, kind, limits.maxPixels)
  }
}
