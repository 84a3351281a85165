import type { Sharp } from 'sharp'
import { KindredError } from '../errors.js'
import { toImageError } from './image-errors.js'
import type { ImageHeader } from './image-header.js'
import type { ImageLimits } from './limits.js'
import type { RgbImage } from './rgb-image.js'
import { sharp } from './sharp.js'

/**
 * The decoding half of a pipeline: upright, sRGB by the embedded profile (sRGB where there is none), alpha on white.
 * `failOn: error` refuses cut and broken pixel data; what libvips only warns of is tolerated.
 */
export function openImage(bytes: Uint8Array, header: ImageHeader, limits: ImageLimits): Sharp {
  const image = sharp(bytes, {
    failOn: 'error',
    limitInputPixels: limits.maxPixels,
    limitInputChannels: header.space === 'cmyk' ? 5 : 4,
    sequentialRead: true,
    autoOrient: true,
  })
  const narrow = narrowed[header.space]
  if (narrow !== undefined) image.pipelineColourspace(narrow)
  return image.flatten({ background: '#ffffff' }).toColourspace('srgb')
}

/**
 * 16 bits become 8 before the profile is applied: sharp would otherwise go to Display P3 and leave the numbers so.
 */
const narrowed: Readonly<Record<string, string | undefined>> = { rgb16: 'srgb', grey16: 'b-w' }

/** Runs a pipeline of `openImage` to its pixels. @throws KindredError IMAGE_CORRUPT and its relatives */
export async function readPixels(image: Sharp, header: ImageHeader, limits: ImageLimits): Promise<RgbImage> {
  try {
    const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
    if ((info.channels as number) !== 3) {
      throw new KindredError(
        'IMAGE_UNSUPPORTED',
        `The image has ${info.channels} channels after conversion to sRGB; save it as plain JPEG or PNG`,
      )
    }
    return {
      width: info.width,
      height: info.height,
      data: new Uint8Array(data.buffer, data.byteOffset, data.length),
    }
  } catch (thrown) {
    throw toImageError(thrown, header.kind, limits.maxPixels)
  }
}
