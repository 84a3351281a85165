import path from 'node:path'
import { KindredError } from '../errors.js'
import type { CropBox } from '../images/crop-box.js'
import { readCsv } from './csv-rows.js'
import type { LabelledImage } from './labelled-set.js'

/**
 * Reads a labelled CSV: columns `path` (relative to the CSV's folder, or absolute), the label's, and optionally
 * `split`, `is_query`, `is_gallery` and `box` (`x0,y0,x1,y1` as shares of the picture, after EXIF rotation).
 *
 * @throws KindredError DATASET_INVALID that names file, line and column
 */
export async function readLabelledCsv(file: string, labelColumn: string): Promise<LabelledImage[]> {
  const { header, rows } = await readCsv(file)
  for (const column of ['path', labelColumn]) {
    if (!header.includes(column)) {
      throw new KindredError('DATASET_INVALID', `${file} has no column ${JSON.stringify(column)}`, {
        hint: `Its columns are ${header.join(', ')}${column === 'path' ? '' : '; choose one with --label-column'}`,
      })
    }
  }
  const folder = path.dirname(path.resolve(file))
  const images: LabelledImage[] = []
  for await (const { line, cells } of rows) {
    if (cells.length !== header.length) {
      throw new KindredError(
        'DATASET_INVALID',
        `${file}, line ${line}: ${cells.length} cells where the header has ${header.length}`,
      )
    }
    const cell = (column: string): string => cells[header.indexOf(column)] ?? ''
    const fail = (column: string, what: string): never => {
      throw new KindredError(
        'DATASET_INVALID',
        `${file}, line ${line}, column ${column}: expected ${what} but received ${JSON.stringify(cell(column))}`,
      )
    }
    const required = (column: string): string => cell(column) || fail(column, 'a value')
    const flag = (column: string): boolean | undefined => {
      const value = cell(column).toLowerCase()
      if (value === '') return undefined
      if (['1', 'true', 'yes'].includes(value)) return true
      return ['0', 'false', 'no'].includes(value) ? false : fail(column, 'true or false')
    }
    const split = cell('split')
    const isQuery = flag('is_query')
    const isGallery = flag('is_gallery')
    const box = cell('box') === '' ? undefined : (parseBox(cell('box')) ?? fail('box', boxDescription))
    images.push({
      path: path.resolve(folder, required('path')),
      label: required(labelColumn),
      ...(split !== '' && { split }),
      ...(isQuery !== undefined && { isQuery }),
      ...(isGallery !== undefined && { isGallery }),
      ...(box && { box }),
    })
  }
  return images
}

const boxDescription = 'x0,y0,x1,y1 with 0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1'

function parseBox(text: string): CropBox | undefined {
  const parts = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  const [x0 = NaN, y0 = NaN, x1 = NaN, y1 = NaN] = parts
  const inside = x0 >= 0 && y0 >= 0 && x0 < x1 && y0 < y1 && x1 <= 1 && y1 <= 1
  return inside && parts.length === 4 ? { x0, y0, x1, y1 } : undefined
}
