import { toPixelBox, type CropBox } from '../../../images/crop-box.js'
import { readHeader } from '../../../images/image-header.js'
import type { ImageLimits } from '../../../images/limits.js'

export type CropShares = readonly [number, number, number, number]

/**
 * A box as a search takes it, in shares of width and height; one in pixels needs the picture's size.
 *
 * @throws KindredError as `readHeader`; IMAGE_UNSUPPORTED for one that begins beyond the picture
 */
export async function cropShares(box: CropBox, bytes: Uint8Array, limits: ImageLimits): Promise<CropShares> {
  if (box.unit !== 'pixel') return [box.x0, box.y0, box.x1, box.y1]
  const { width, height } = await readHeader(bytes, limits)
  toPixelBox(box, { width, height })
  const share = (value: number, side: number): number => Math.min(1, value / side)
  return [share(box.x0, width), share(box.y0, height), share(box.x1, width), share(box.y1, height)]
}
