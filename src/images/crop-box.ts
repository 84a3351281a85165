import { expected } from '../errors.js'

/** A part of a picture as shares of its width and height (0..1, origin top left), after EXIF rotation. */
export interface CropBox {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
}

/** A part of a picture in whole pixels. */
export interface PixelBox {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** @throws KindredError INVALID_ARGUMENT unless 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1 */
export function checkCropBox(box: CropBox, name = 'crop'): CropBox {
  const { x0, y0, x1, y1 } = box
  const valid = 0 <= x0 && x0 < x1 && x1 <= 1 && 0 <= y0 && y0 < y1 && y1 <= 1
  if (valid) return box
  throw expected('x0,y0,x1,y1 with 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1', name, [x0, y0, x1, y1].join(','))
}

/** Every pixel that the box touches; at least one, never outside the picture. */
export function toPixelBox(box: CropBox, image: { width: number; height: number }): PixelBox {
  const [left, width] = span(box.x0, box.x1, image.width)
  const [top, height] = span(box.y0, box.y1, image.height)
  return { left, top, width, height }
}

/** Shares such as 0.7 * 10 fall a hair beside the pixel border they mean; a thousandth of a pixel is forgiven. */
const slack = 1e-3

function span(from: number, to: number, pixels: number): [start: number, length: number] {
  const start = Math.min(Math.floor(from * pixels + slack), pixels - 1)
  const end = Math.max(Math.ceil(to * pixels - slack), start + 1)
  return [start, Math.min(end, pixels) - start]
}
