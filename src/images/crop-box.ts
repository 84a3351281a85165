import { expected, KindredError } from '../errors.js'

/** A part of a picture, origin top left, after EXIF rotation. */
export interface CropBox {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
  /** What the numbers count: shares of width and height (0..1), or pixels, as published data sets have it. */
  readonly unit?: 'share' | 'pixel'
}

/** A part of a picture in whole pixels. */
export interface PixelBox {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/**
 * @throws KindredError INVALID_ARGUMENT unless 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1; in pixels only the picture
 * itself knows the upper end
 */
export function checkCropBox(box: CropBox, name = 'crop'): CropBox {
  const { x0, y0, x1, y1 } = box
  const [most, end] = box.unit === 'pixel' ? [Number.MAX_SAFE_INTEGER, ''] : [1, ' <= 1']
  const valid = 0 <= x0 && x0 < x1 && x1 <= most && 0 <= y0 && y0 < y1 && y1 <= most
  if (valid) return box
  const rule = `x0,y0,x1,y1 with 0 <= x0 < x1${end} and 0 <= y0 < y1${end}`
  throw expected(rule, name, [x0, y0, x1, y1].join(','))
}

/**
 * Every pixel that the box touches; at least one, never outside the picture. A box in pixels that reaches beyond the
 * picture's edge, as some published ones do, ends at the edge.
 *
 * @throws KindredError IMAGE_UNSUPPORTED when a box in pixels begins beyond the picture
 */
export function toPixelBox(box: CropBox, image: { width: number; height: number }): PixelBox {
  const inPixels = box.unit === 'pixel'
  if (inPixels && (box.x0 >= image.width || box.y0 >= image.height)) {
    const corners = [box.x0, box.y0, box.x1, box.y1].join(',')
    throw new KindredError(
      'IMAGE_UNSUPPORTED',
      `The box ${corners} lies outside the image of ${image.width} x ${image.height} pixels`,
    )
  }
  const share = (value: number, side: number): number => (inPixels ? Math.min(value / side, 1) : value)
  const [left, width] = span(share(box.x0, image.width), share(box.x1, image.width), image.width)
  const [top, height] = span(share(box.y0, image.height), share(box.y1, image.height), image.height)
  return { left, top, width, height }
}

/**
 * The part of a picture that a box is.
 *
 * @returns undefined where that is the whole picture, which must give the same pixels as no crop
 * @throws KindredError as `toPixelBox`
 */
export function partOf(image: { width: number; height: number }, box: CropBox): PixelBox | undefined {
  const part = toPixelBox(box, image)
  return part.width === image.width && part.height === image.height ? undefined : part
}

/** Shares such as 0.7 * 10 fall a hair beside the pixel border they mean; a thousandth of a pixel is forgiven. */
const slack = 1e-3

function span(from: number, to: number, pixels: number): [start: number, length: number] {
  const start = Math.min(Math.floor(from * pixels + slack), pixels - 1)
  const end = Math.max(Math.ceil(to * pixels - slack), start + 1)
  return [start, Math.min(end, pixels) - start]
}
