import type { ErrorCode } from '../../errors.js'
import type { Job, JobKind, JobState } from './job.js'

/** A row of the table of jobs (jobs-schema.ts). */
export interface JobRow {
  readonly number: number
  readonly id: string
  readonly kind: JobKind
  readonly collection: string
  readonly source: string
  readonly state: JobState
  readonly total: number
  readonly embedded: number
  readonly unchanged: number
  readonly failed: number
  readonly deleted: number
  readonly rate: number | null
  readonly eta: number | null
  readonly error_code: ErrorCode | null
  readonly error_reason: string | null
  readonly checkpoint: string | null
  readonly request: string | null
  readonly created_at: string
  readonly updated_at: string
}

export function toJob(row: JobRow): Job {
  const { id, kind, collection, source, state, total, embedded, unchanged, failed, deleted, rate, eta } = row
  return {
    id,
    kind,
    collection,
    source,
    state,
    counts: { total, embedded, unchanged, failed },
    deleted,
    ratePerSecond: rate,
    etaSeconds: eta,
    error: row.error_code === null ? null : { code: row.error_code, reason: row.error_reason ?? '' },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
