import { readCsv } from '../../src/datasets/csv-rows.js'
import { KindredError } from '../../src/errors.js'

/** One picture to write. */
export interface PicturePlan {
  /** Absolute path in the published folder. */
  readonly source: string
  /** Path in the new folder, with `/`. */
  readonly target: string
  /** In pixels of the published picture; what is left is squashed to a square. Absent: the aspect ratio stays. */
  readonly crop?: {
    readonly left: number
    readonly top: number
    readonly width: number
    readonly height: number
  }
  /** The further cells of its row in `index.csv`. */
  readonly cells: readonly string[]
}

/** What becomes of a published data set. */
export interface PreparationPlan {
  /** Columns of `index.csv`; the first is `path`. */
  readonly header: readonly string[]
  readonly shorterSide: number
  readonly pictures: readonly PicturePlan[]
  /** Files taken as they are; those that the publication lacks are left out. */
  readonly copies: readonly { readonly source: string; readonly target: string }[]
}

/** Reads the publication's own lists and says what to do; writes nothing. */
export type Recipe = (source: string) => Promise<PreparationPlan>

/** Rows of a published CSV, as one record a row. @throws KindredError DATASET_INVALID */
export async function readTable(file: string, columns: readonly string[]): Promise<Record<string, string>[]> {
  const { header, rows } = await readCsv(file)
  const missing = columns.find((column) => !header.includes(column))
  if (missing !== undefined) {
    throw new KindredError('DATASET_INVALID', `${file} has no column ${JSON.stringify(missing)}`)
  }
  const records: Record<string, string>[] = []
  for await (const { cells } of rows) {
    records.push(Object.fromEntries(header.map((column, index) => [column, cells[index] ?? ''])))
  }
  return records
}
