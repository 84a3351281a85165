import type { CatalogueRowError } from '../../datasets/catalogues/catalogue-row.js'
import type { ErrorCode } from '../../errors.js'
import type { ImportCounts } from '../imports/import-progress.js'

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
export type JobKind = 'import' | 'reindex' | 'dry-import' | 'delete' | 'restore' | 'duplicates'

/** A long piece of work on a collection, as its record tells. */
export interface Job {
  readonly id: string
  readonly kind: JobKind
  readonly collection: string
  /**
   * What it works with: of an import the absolute path of its source, or the name of the file that was uploaded; of a
   * deletion the filter; of a restore the snapshot; of a change of model the new one; of a search for duplicates the threshold.
   */
  readonly source: string
  readonly state: JobState
  /** Of an import rows settled so far; of any other job `total` alone counts, the items dealt with. */
  readonly counts: ImportCounts
  /** Items deleted: because the source no longer has them, or because they match. */
  readonly deleted: number
  /** Rows or items a second, of late; null before the first. */
  readonly ratePerSecond: number | null
  /** null where it cannot be told. */
  readonly etaSeconds: number | null
  /** Why it failed as a whole; null unless it did. */
  readonly error: { readonly code: ErrorCode; readonly reason: string } | null
  /** RFC 3339, UTC. */
  readonly createdAt: string
  readonly updatedAt: string
}

/** How many jobs of a kind are on record in a state; at least one. */
export interface JobCount {
  readonly kind: JobKind
  readonly state: JobState
  readonly count: number
}

/** A row that failed. */
/** Which jobs are listed; all of them where nothing is named. */
export interface JobFilter {
  readonly state?: JobState
  readonly kind?: JobKind
  /** The collection's own name, as the job has it. */
  readonly collection?: string
}

export type JobError = CatalogueRowError

/** Whether nothing more will happen to it by itself. */
export const isOver = ({ state }: Job): boolean => state !== 'queued' && state !== 'running'
