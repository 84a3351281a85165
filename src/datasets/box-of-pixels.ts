import type { CropBox } from '../images/crop-box.js'

/** A box from its left, top, width and height in pixels; undefined where it is none. */
export function boxOfPixels(x: number, y: number, width: number, height: number): CropBox | undefined {
  const isBox = x >= 0 && y >= 0 && width > 0 && height > 0 && Number.isFinite(x + y + width + height)
  return isBox ? { x0: x, y0: y, x1: x + width, y1: y + height, unit: 'pixel' } : undefined
}
