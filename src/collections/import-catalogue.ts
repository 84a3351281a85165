import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { CatalogueEntry, CatalogueRow, CatalogueRowError } from '../datasets/read-catalogue.js'
import { KindredError, toKindredError } from '../errors.js'
import type { FieldType, Metadata } from './collection-store.js'
import { typedCells } from './typed-cells.js'

/** A catalogue row with the bytes of its picture. */
export interface CataloguePicture {
  readonly row: CatalogueRow
  /** The row's cells in the types that the collection declares. */
  readonly metadata: Metadata
  readonly bytes: Uint8Array
  /** SHA-256 of the bytes in hex. */
  readonly contentHash: string
}

/** What became of a picture; `unchanged` ones needed no embedding. An error is a value: it never loses the others. */
export type ImportOutcome = 'embedded' | 'unchanged' | KindredError

/** Where pictures go: a store in this process, or a server's API. */
export interface ImportTarget {
  /**
   * Takes the pictures and resolves when they are durable.
   *
   * @returns one outcome per picture, in order
   * @throws KindredError what is wrong with more than a row (see `isRowError`); the import ends with it
   */
  importChunk(pictures: readonly CataloguePicture[]): Promise<ImportOutcome[]>
}

export interface ImportCounts {
  /** Rows seen so far. */
  readonly total: number
  readonly embedded: number
  readonly unchanged: number
  readonly failed: number
}

export interface ImportOptions {
  /** Largest picture file read, in bytes. */
  readonly maxBytes: number
  /** Declared fields of the collection: cells are given these types. */
  readonly fields: Readonly<Record<string, FieldType>>
  readonly onProgress?: (counts: ImportCounts) => void
  readonly onError?: (error: CatalogueRowError) => void
  /** Stops after the chunks under way; what they wrote stays, and the next import skips it as unchanged. */
  readonly signal?: AbortSignal
}

/** Pictures handed over together: one transaction of the store. */
const chunkSize = 32
/** While one chunk is embedded the next is read and decoded. */
const chunksUnderWay = 2

/**
 * Brings a catalogue into a collection. Memory holds two chunks, however long the catalogue; a bad row is reported
 * and skipped; pictures that the collection already has are not embedded again.
 */
export async function importCatalogue(
  entries: AsyncIterable<CatalogueEntry>,
  target: ImportTarget,
  options: ImportOptions,
): Promise<ImportCounts> {
  const { maxBytes, fields, onProgress, onError, signal } = options
  const counts = { total: 0, embedded: 0, unchanged: 0, failed: 0 }
  const fail = (error: CatalogueRowError): void => {
    counts.failed++
    onError?.(error)
  }

  const importRows = async (rows: readonly CatalogueRow[]): Promise<void> => {
    const read = await Promise.all(rows.map((row) => readPicture(row, maxBytes, fields)))
    const pictures = read.flatMap((picture) => (picture instanceof KindredError ? [] : [picture]))
    const outcomes = pictures.length === 0 ? [] : await target.importChunk(pictures)
    const settled = new Map(pictures.map((picture, index) => [picture.row, outcomes[index]]))
    for (const [index, row] of rows.entries()) {
      const outcome = settled.get(row) ?? read[index]
      if (outcome === 'embedded' || outcome === 'unchanged') counts[outcome]++
      else fail({ row: row.row, id: row.id, ...reasonOf(outcome) })
    }
    onProgress?.({ ...counts })
  }

  let rows: CatalogueRow[] = []
  const underWay = new Set<Promise<void>>()
  const failures: unknown[] = []
  const startChunk = async (): Promise<void> => {
    const chunk = importRows(rows)
      .catch((thrown: unknown) => void failures.push(thrown))
      .finally(() => underWay.delete(chunk))
    rows = []
    underWay.add(chunk)
    if (underWay.size >= chunksUnderWay) await Promise.race(underWay)
  }
  const goesOn = (): boolean => signal?.aborted !== true && failures.length === 0

  try {
    for await (const entry of entries) {
      if (!goesOn()) break
      counts.total++
      if (entry.kind === 'error') fail(entry.error)
      else if (rows.push(entry.row) === chunkSize) await startChunk()
    }
    if (rows.length > 0 && goesOn()) await startChunk()
  } finally {
    await Promise.all(underWay)
  }
  if (failures.length > 0) throw failures[0]
  return counts
}

const reasonOf = (outcome: unknown): Pick<CatalogueRowError, 'code' | 'reason'> => {
  const error = toKindredError(outcome)
  return { code: error.code, reason: error.message }
}

/** Whether an error is about one row alone: its picture, its metadata, its id. Any other concerns every row after it. */
export const isRowError = ({ code }: KindredError): boolean =>
  code.startsWith('IMAGE_') || code.startsWith('INVALID_') || code === 'DATASET_INVALID'

async function readPicture(
  row: CatalogueRow,
  maxBytes: number,
  fields: ImportOptions['fields'],
): Promise<CataloguePicture | KindredError> {
  try {
    const metadata = typedCells(row.metadata, fields)
    const { size } = await stat(row.image)
    if (size > maxBytes) {
      return new KindredError(
        'IMAGE_TOO_LARGE',
        `${row.image} has ${size} bytes; at most ${maxBytes} are read`,
      )
    }
    const bytes = await readFile(row.image)
    return { row, metadata, bytes, contentHash: createHash('sha256').update(bytes).digest('hex') }
  } catch (cause) {
    if (cause instanceof KindredError) return cause
    return new KindredError('IMAGE_UNREADABLE', `${row.image} cannot be read`, { cause })
  }
}
