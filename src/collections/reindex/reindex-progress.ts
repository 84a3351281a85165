import type { CatalogueRowError } from '../../datasets/catalogues/catalogue-row.js'
import type { ImportCounts } from '../imports/import-progress.js'

/** How far a change of model has come; everything before the checkpoint is settled. */
export interface ReindexProgress {
  readonly counts: ImportCounts
  /** Items that there are to embed. */
  readonly items: number
  /** What a later run goes on from. */
  readonly checkpoint: string
  /** Items that failed since the progress before; `row` is the item's place in the order of ids. */
  readonly errors: readonly CatalogueRowError[]
}

export interface ReindexCheckpoint {
  /** Another successor has none of what was done. */
  readonly successor: string
  /** Of the listing of items; null before the first page, or after the last where `passed`. */
  readonly cursor: string | null
  /** Whether every item was looked at. */
  readonly passed: boolean
  /** Items embedded from thumbnails so far. */
  readonly fromThumbnails: number
}

export const writeReindexCheckpoint = (checkpoint: ReindexCheckpoint): string => JSON.stringify(checkpoint)

/** null for what was not written by `writeReindexCheckpoint`. */
export function readReindexCheckpoint(text: string | null): ReindexCheckpoint | null {
  const value: unknown = text === null ? null : JSON.parse(text)
  if (typeof value !== 'object' || value === null) return null
  const { successor, cursor, passed, fromThumbnails } = value as Partial<Record<string, unknown>>
  if (typeof successor !== 'string' || typeof fromThumbnails !== 'number') return null
  return {
    successor,
    cursor: typeof cursor === 'string' ? cursor : null,
    passed: passed === true,
    fromThumbnails,
  }
}
