import { KindredError } from '../errors.js'
import type { CropBox } from '../images/crop-box.js'
import { boxOfPixels } from './box-of-pixels.js'

/** A box in pixels has a column a number: its left, its top, its width and its height. */
const pixelColumns = ['box_x', 'box_y', 'box_width', 'box_height'] as const

/** @throws KindredError DATASET_INVALID when a CSV has some of the columns of a box in pixels and not all */
export function checkBoxColumns(file: string, header: readonly string[]): void {
  const absent = pixelColumns.filter((column) => !header.includes(column))
  if (absent.length === 0 || absent.length === pixelColumns.length) return
  throw new KindredError('DATASET_INVALID', `${file} has no column ${absent.join(', ')}`, {
    hint: `A box in pixels has the columns ${pixelColumns.join(', ')}`,
  })
}

/**
 * A row's box: `box` (`x0,y0,x1,y1` as shares of the picture) or `box_x`, `box_y`, `box_width`, `box_height` in
 * pixels; undefined where all of them are empty.
 *
 * @param cell the row's text in a column, empty where there is none
 * @param fail throws what is wrong with a column
 */
export function boxOfRow(
  cell: (column: string) => string,
  fail: (column: string, what: string) => never,
): CropBox | undefined {
  const shares = cell('box')
  const pixels = pixelColumns.map(cell)
  if (pixels.every((value) => value === ''))
    return shares === '' ? undefined : (boxOfShares(shares) ?? fail('box', shareRule))
  if (shares !== '') return fail('box', 'nothing beside a box in pixels')
  const [x = NaN, y = NaN, width = NaN, height = NaN] = pixels.map(toNumber)
  return boxOfPixels(x, y, width, height) ?? fail('box_x', pixelRule)
}

const shareRule = 'x0,y0,x1,y1 with 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1'
const pixelRule = 'a left and top of at least 0 with a width and height above 0'

function boxOfShares(text: string): CropBox | undefined {
  const parts = text.split(',').map(toNumber)
  const [x0 = NaN, y0 = NaN, x1 = NaN, y1 = NaN] = parts
  const inside = x0 >= 0 && y0 >= 0 && x0 < x1 && y0 < y1 && x1 <= 1 && y1 <= 1
  return inside && parts.length === 4 ? { x0, y0, x1, y1 } : undefined
}

const toNumber = (text: string): number => (text.trim() === '' ? NaN : Number(text))
