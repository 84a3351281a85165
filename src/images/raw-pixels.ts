import type { Sharp } from 'sharp'
import { expected } from '../errors.js'
import type { RgbImage } from './rgb-image.js'
import { sharp } from './sharp.js'

/** A pipeline that starts from pixels. */
export function fromRgb({ width, height, data }: RgbImage): Sharp {
  if (data.length !== 3 * width * height)
    throw expected(`${3 * width * height} values`, 'image.data', data.length)
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
}

/** Runs a pipeline that starts from pixels. */
export async function toRgb(pipeline: Sharp): Promise<RgbImage> {
  const { data, info } = await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
  }
}
