import type { Catalogue } from '../datasets/catalogues/catalogue.js'
import type { CatalogueEntry, CatalogueRow, CatalogueRowError } from '../datasets/catalogues/catalogue-row.js'
import { isItemId, itemIdRule } from '../datasets/item-id.js'
import type { KindredError } from '../errors.js'
import { toKindredError } from '../errors.js'
import type { FieldType } from './collection.js'
import type { Metadata } from './item.js'
import type { ChunkOutcomes, ImportCounts, ImportProgress } from './imports/import-progress.js'
import { rowMetadata } from './imports/row-metadata.js'
import type { SeenIds } from './imports/seen-ids.js'
import { SettledPrefix } from './imports/settled-prefix.js'
import { PositionTracker, type SourcePosition } from './imports/source-position.js'

/** A catalogue row that is well-formed; what it brings is not read yet. */
export interface ImportRow {
  readonly row: CatalogueRow
  /** The row's values in the types that the collection declares. */
  readonly metadata: Metadata
}

/** What became of a row; `unchanged` ones cost no embedding. An error is a value: it never loses the others. */
export type ImportOutcome = 'embedded' | 'unchanged' | KindredError

/** Where rows go: a store in this process, or a server's API. */
export interface ImportTarget {
  /**
   * Takes rows and resolves when they are durable.
   *
   * @param since what was written from then on was written by this import before it was interrupted: its outcome is
   *   that of back then, `embedded`, although it is only found again
   * @param signal gives up the rows that still wait, are decoded or embedded. What was embedded by then is durable
   * @returns one outcome a row, in order
   * @throws KindredError what is wrong with more than a row (see `isRowError`); the import ends with it. The signal's
   *   reason where rows were given up
   */
  importChunk(
    rows: readonly ImportRow[],
    since: string | null,
    signal?: AbortSignal,
  ): Promise<ImportOutcome[]>
}

export interface ImportOptions {
  /** Declared fields of the collection: cells are given these types. */
  readonly fields: Readonly<Record<string, FieldType>>
  /** Empty at the beginning; afterwards it has every id of the source that was read. */
  readonly seen: SeenIds
  /** Where an earlier run came to. Its rows are read for their ids alone. */
  readonly from?: SourcePosition | undefined
  /** See `ImportTarget.importChunk`. */
  readonly since?: string | null
  readonly onProgress?: (progress: ImportProgress) => void
  /** Stops the chunks under way, too: rows that are given up do not count, and are looked at again by the next run. */
  readonly signal?: AbortSignal | undefined
}

export interface ImportResult {
  readonly counts: ImportCounts
  /** Whether the whole source was read and settled; false after an abort. */
  readonly complete: boolean
}

/** The source is not the one that an earlier run read up to `from`: nothing of it can be skipped. */
export class SourceChanged extends Error {}

/** Pictures handed over together: one transaction of the store. Embeddings are quick, so more of them make a chunk. */
const chunkPictures = 32
const chunkEmbeddings = 512
/** Characters. */
const longestReason = 500
const longestItemId = 512
/** While one chunk is written the next are embedded and decoded. */
const chunksUnderWay = 3

/**
 * Brings a catalogue into a collection. Memory holds a few chunks, however long the catalogue; a bad row is reported
 * and skipped; what the collection already has is not embedded again.
 *
 * @throws SourceChanged; KindredError when the source or the target fails as a whole
 */
export async function importCatalogue(
  catalogue: Pick<Catalogue, 'entries'>,
  target: ImportTarget,
  options: ImportOptions,
): Promise<ImportResult> {
  const { fields, seen, from, since = null, onProgress, signal } = options
  const tracker = new PositionTracker()
  const settled = new SettledPrefix(onProgress)
  const underWay = new Set<Promise<void>>()
  const failures: unknown[] = []
  let complete = true
  const goesOn = (): boolean => signal?.aborted !== true && failures.length === 0

  const importEntries = async (entries: readonly CatalogueEntry[]): Promise<ChunkOutcomes> => {
    const checked = checkEntries(entries, fields, seen)
    const rows = checked.flatMap((one) => ('row' in one ? [one] : []))
    const outcomes = rows.length === 0 ? [] : await target.importChunk(rows, since, signal)
    return tally(checked, outcomes)
  }
  const startChunk = async (entries: readonly CatalogueEntry[]): Promise<void> => {
    const settle = settled.open(tracker.position)
    const chunk = importEntries(entries)
      .then(settle)
      .catch((thrown: unknown) => {
        if (signal?.aborted === true && thrown === signal.reason) complete = false
        else failures.push(thrown)
      })
      .finally(() => underWay.delete(chunk))
    underWay.add(chunk)
    if (underWay.size >= chunksUnderWay) await Promise.race(underWay)
  }

  let entries: CatalogueEntry[] = []
  let weight = 0
  try {
    for await (const entry of catalogue.entries()) {
      if (!goesOn()) {
        complete = false
        break
      }
      tracker.add(entry)
      entries.push(entry)
      if (from !== undefined && tracker.entries <= from.entries) {
        // Of what is done the ids are all that is needed.
        if (entries.length < chunkEmbeddings && tracker.entries < from.entries) continue
        noteIds(entries, seen)
        entries = []
        if (tracker.entries === from.entries && tracker.position.digest !== from.digest)
          throw new SourceChanged()
        continue
      }
      weight +=
        entry.kind === 'row' && entry.row.content.kind === 'embedding'
          ? 1 / chunkEmbeddings
          : 1 / chunkPictures
      if (weight < 1) continue
      await startChunk(entries)
      entries = []
      weight = 0
    }
    if (complete && from !== undefined && tracker.entries < from.entries) throw new SourceChanged()
    if (entries.length > 0) {
      if (goesOn()) await startChunk(entries)
      else complete = false
    }
  } finally {
    await Promise.all(underWay)
  }
  if (failures.length > 0) throw failures[0]
  return { counts: settled.counts, complete }
}

type Checked = ImportRow | { readonly error: CatalogueRowError }

/** Notes the ids of a chunk, and tells apart what can be imported and what cannot. */
function checkEntries(
  entries: readonly CatalogueEntry[],
  fields: ImportOptions['fields'],
  seen: SeenIds,
): Checked[] {
  const checked: Checked[] = []
  seen.together(() => {
    for (const entry of entries) checked.push(checkEntry(entry, fields, seen))
  })
  return checked
}

function checkEntry(entry: CatalogueEntry, fields: ImportOptions['fields'], seen: SeenIds): Checked {
  if (entry.kind === 'error') {
    noteFailed(entry.error, seen)
    return { error: entry.error }
  }
  const { row } = entry
  const bad = (reason: string): Checked => ({
    error: { row: row.row, id: row.id, code: 'DATASET_INVALID', reason },
  })
  if (!isItemId(row.id)) return bad(`an id is ${itemIdRule}`)
  const before = seen.add(row.id, row.row)
  if (before !== null) return bad(`the id came before, in row ${before}`)
  try {
    return { row, metadata: rowMetadata(row.id, row.metadata, fields) }
  } catch (thrown) {
    return { error: errorOf(row, thrown) }
  }
}

function noteFailed({ id }: CatalogueRowError, seen: SeenIds): void {
  if (id === null) seen.nameless++
  else seen.mention(id)
}

function noteIds(entries: readonly CatalogueEntry[], seen: SeenIds): void {
  seen.together(() => {
    for (const entry of entries) {
      if (entry.kind === 'row') seen.add(entry.row.id, entry.row.row)
      else noteFailed(entry.error, seen)
    }
  })
}

function tally(checked: readonly Checked[], outcomes: readonly ImportOutcome[]): ChunkOutcomes {
  const counts = { embedded: 0, unchanged: 0 }
  const errors: CatalogueRowError[] = []
  let lastId: string | null = null
  let next = 0
  for (const one of checked) {
    if ('error' in one) {
      errors.push(inShort(one.error))
      continue
    }
    const outcome = outcomes[next++]
    if (outcome === 'embedded' || outcome === 'unchanged') {
      counts[outcome]++
      lastId = one.row.id
    } else errors.push(inShort(errorOf(one.row, outcome)))
  }
  return { ...counts, lastId, errors }
}

/** Rows of any length fail, and what is kept and shown of them must not be as long. */
const inShort = (error: CatalogueRowError): CatalogueRowError => ({
  ...error,
  id: error.id === null ? null : cutTo(error.id, longestItemId),
  reason: cutTo(error.reason, longestReason),
})

const cutTo = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`

function errorOf({ row, id }: CatalogueRow, thrown: unknown): CatalogueRowError {
  const { code, message } = toKindredError(thrown)
  return { row, id, code, reason: message }
}
