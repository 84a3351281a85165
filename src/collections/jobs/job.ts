import type { CatalogueRowError } from '../../datasets/catalogues/catalogue-row.js'
import type { ErrorCode } from '../../errors.js'
import type { ImportCounts } from '../imports/import-progress.js'

export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]
export type JobKind = 'import'

/** A long piece of work on a collection, as its record tells. */
export interface Job {
  readonly id: string
  readonly kind: JobKind
  readonly collection: string
  /** What it reads: the absolute path of a source. */
  readonly source: string
  readonly state: JobState
  /** Rows settled so far. */
  readonly counts: ImportCounts
  /** Items deleted because the source no longer has them. */
  readonly deleted: number
  /** Rows a second, of late; null before the first. */
  readonly ratePerSecond: number | null
  /** null where it cannot be told. */
  readonly etaSeconds: number | null
  /** Why it failed as a whole; null unless it did. */
  readonly error: { readonly code: ErrorCode; readonly reason: string } | null
  /** RFC 3339, UTC. */
  readonly createdAt: string
  readonly updatedAt: string
}

/** A row that failed. */
export type JobError = CatalogueRowError
