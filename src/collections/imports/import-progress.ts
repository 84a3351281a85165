import type { CatalogueRowError } from '../../datasets/catalogues/catalogue-row.js'
import type { SourcePosition } from './source-position.js'

export interface ImportCounts {
  /** Rows settled so far; the sum of the others. */
  readonly total: number
  /** Written anew: embedded, or taken ready-made, or given the embedding of an item with the same bytes. */
  readonly embedded: number
  readonly unchanged: number
  readonly failed: number
}

/** Everything before `position` is settled; the rest of the source is not, whatever of it was written already. */
export interface ImportProgress {
  readonly position: SourcePosition
  /** Of this run: what was skipped is not counted. */
  readonly counts: ImportCounts
  /** An id that the collection has since the newest of these rows; null where no row was taken since the progress before. */
  readonly lastId: string | null
  /** Rows that failed since the progress before. */
  readonly errors: readonly CatalogueRowError[]
}

/** What became of the rows of one chunk. */
export interface ChunkOutcomes {
  readonly embedded: number
  readonly unchanged: number
  /** Of the last row that did not fail; null where all did. */
  readonly lastId: string | null
  readonly errors: readonly CatalogueRowError[]
}
