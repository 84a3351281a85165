import path from 'node:path'
import { KindredError, type ErrorCode } from '../errors.js'
import { readCsv } from './csv-rows.js'
import { isItemId, itemIdRule } from './item-id.js'
import { statSource } from './stat-source.js'
import { walkPictures } from './walk-pictures.js'

/** One picture to index. */
export interface CatalogueRow {
  /** Line of the CSV on which the row ends, or the picture's place in the folder; both from 1. */
  readonly row: number
  readonly id: string
  /** Absolute path of the picture. */
  readonly image: string
  readonly group: string | null
  /** Cells as they stand, empty ones left out; the collection's `fields` give them types. */
  readonly metadata: Readonly<Record<string, string>>
}

/** A row that cannot be indexed; the rest of the catalogue can. */
export interface CatalogueRowError {
  readonly row: number
  /** null where the row has none. */
  readonly id: string | null
  readonly code: ErrorCode
  readonly reason: string
}

export type CatalogueEntry =
  | { readonly kind: 'row'; readonly row: CatalogueRow }
  | { readonly kind: 'error'; readonly error: CatalogueRowError }

/**
 * Streams a catalogue: a folder (every picture below it; its id is the relative path with `/`) or a CSV with the
 * columns `id`, `image` (relative to the CSV's folder, or absolute), optionally `group`; every other column is
 * metadata. What is wrong with one row comes as a value in its place: a missing id or image, an id that is malformed
 * or came before, a wrong number of cells. Pictures are not opened.
 *
 * @throws KindredError DATASET_INVALID when the source as a whole cannot be read
 */
export async function* readCatalogue(location: string): AsyncGenerator<CatalogueEntry> {
  const found = await statSource(location)
  const seen = new Map<string, number>()
  for await (const entry of found.isDirectory() ? fromFolder(location) : fromCsv(location)) {
    yield entry.kind === 'row' ? checkId(entry.row, seen) : entry
  }
}

async function* fromFolder(folder: string): AsyncGenerator<CatalogueEntry> {
  const root = path.resolve(folder)
  let row = 0
  for await (const id of walkPictures(root)) {
    yield { kind: 'row', row: { row: ++row, id, image: path.join(root, id), group: null, metadata: {} } }
  }
}

async function* fromCsv(file: string): AsyncGenerator<CatalogueEntry> {
  const { header, rows } = await readCsv(file)
  for (const column of ['id', 'image']) {
    if (!header.includes(column)) {
      throw new KindredError('DATASET_INVALID', `${file} has no column ${JSON.stringify(column)}`, {
        hint: `Its columns are ${header.join(', ')}`,
      })
    }
  }
  const folder = path.dirname(path.resolve(file))
  for await (const { line, cells } of rows) {
    const cell = (column: string): string => cells[header.indexOf(column)] ?? ''
    if (cells.length !== header.length) {
      yield rowError(line, cell('id'), `${cells.length} cells where the header has ${header.length}`)
    } else if (cell('id') === '' || cell('image') === '') {
      yield rowError(line, cell('id'), `no value in column ${cell('id') === '' ? 'id' : 'image'}`)
    } else {
      const others = header.flatMap((column, index) => {
        const value = cells[index] ?? ''
        return reserved.has(column) || column === '' || value === '' ? [] : [[column, value] as const]
      })
      yield {
        kind: 'row',
        row: {
          row: line,
          id: cell('id'),
          image: path.resolve(folder, cell('image')),
          group: cell('group') || null,
          metadata: Object.fromEntries(others),
        },
      }
    }
  }
}

const reserved: ReadonlySet<string> = new Set(['id', 'image', 'group'])

function checkId(row: CatalogueRow, seen: Map<string, number>): CatalogueEntry {
  const before = seen.get(row.id)
  if (before !== undefined) return rowError(row.row, row.id, `the id came before, in row ${before}`)
  seen.set(row.id, row.row)
  if (!isItemId(row.id)) return rowError(row.row, row.id, `an id is ${itemIdRule}`)
  return { kind: 'row', row }
}

function rowError(row: number, id: string, reason: string): CatalogueEntry {
  return { kind: 'error', error: { row, id: id === '' ? null : id, code: 'DATASET_INVALID', reason } }
}
