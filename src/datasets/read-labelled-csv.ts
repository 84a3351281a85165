import path from 'node:path'
import { KindredError } from '../errors.js'
import { boxOfRow, checkBoxColumns } from './csv-box.js'
import { readCsv } from './csv-rows.js'
import type { LabelledImage } from './labelled-set.js'

/**
 * Reads a labelled CSV: columns `path` (relative to the CSV's folder, or absolute), the label's, and optionally
 * `split`, `is_query`, `is_gallery` and the columns of a box (see `boxOfRow`), after EXIF rotation.
 *
 * @param options.boxes whether boxes are kept; they are checked all the same
 * @throws KindredError DATASET_INVALID that names file, line and column
 */
export async function readLabelledCsv(
  file: string,
  options: { labelColumn: string; boxes: boolean },
): Promise<LabelledImage[]> {
  const { labelColumn, boxes } = options
  const { header, rows } = await readCsv(file)
  for (const column of ['path', labelColumn]) {
    if (!header.includes(column)) {
      throw new KindredError('DATASET_INVALID', `${file} has no column ${JSON.stringify(column)}`, {
        hint: `Its columns are ${header.join(', ')}; ${column === 'path' ? pathHint(header) : 'choose one with --label-column'}`,
      })
    }
  }
  checkBoxColumns(file, header)
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
    const box = boxOfRow(cell, fail)
    images.push({
      path: path.resolve(folder, required('path')),
      label: required(labelColumn),
      ...(split !== '' && { split }),
      ...(isQuery !== undefined && { isQuery }),
      ...(isGallery !== undefined && { isGallery }),
      ...(box && boxes && { box }),
    })
  }
  return images
}

const pathHint = (header: readonly string[]): string =>
  header.includes('image')
    ? 'rename image to path, which names the picture in a labelled set'
    : 'path names the picture'
