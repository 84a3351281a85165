import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { KindredError, type ErrorCode } from '../../errors.js'
import type { Page, PageRequest } from '../collection-store.js'
import { decodeCursor, encodeCursor } from '../cursor.js'
import { openDatabase, openForReading, storeErrors, type Database } from '../embedded/versioned-database.js'
import type { ImportCounts } from '../imports/import-progress.js'
import { checkWhole, largestPage } from '../ranges.js'
import type { Job, JobError, JobKind, JobState } from './job.js'
import { jobsSchema } from './jobs-schema.js'

const fileOf = (store: string): string => path.join(store, 'jobs.db')

interface Row {
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
  readonly created_at: string
  readonly updated_at: string
}

/** How far a job has come; all of it is written together or not at all. */
export interface JobProgress {
  readonly counts: ImportCounts
  readonly ratePerSecond: number | null
  readonly etaSeconds: number | null
  /** What the job goes on from, in its own words. */
  readonly checkpoint: string
  /** Rows that failed since the progress before. */
  readonly errors: readonly JobError[]
}

/** The records of a store's jobs, in SQLite: each change is on disk when its method returns. */
export class JobRecords {
  readonly #database: Database

  private constructor(database: Database) {
    this.#database = database
  }

  /**
   * Opens the records to write them, which is for whoever has the store open.
   *
   * @param store the store's folder; exists
   * @throws KindredError STORE_TOO_NEW, STORE_CORRUPT, STORE_FAILED
   */
  static open(store: string): JobRecords {
    return new JobRecords(openDatabase(fileOf(store), jobsSchema, { create: true }))
  }

  /** Opens them to read, beside a process that may be writing; null where the store never had a job. */
  static openForReading(store: string): JobRecords | null {
    if (!existsSync(fileOf(store))) return null
    const database = openForReading(fileOf(store), jobsSchema, { leaveNothing: true })
    if (Number(database.pragma('user_version', { simple: true })) > 0) return new JobRecords(database)
    // Another process is making it.
    database.close()
    return null
  }

  /** Notes that jobs which their process left running have come to an end. @returns how many */
  endInterrupted(): number {
    return this.#run(
      `UPDATE jobs SET state = 'failed', eta = NULL, error_code = 'INTERRUPTED',
         error_reason = 'The process ended before the job did' WHERE state IN ('running', 'queued')`,
      {},
    )
  }

  /** @param keep how many records stay, this one included; older ones go with their errors unless they are running */
  create(
    work: { readonly kind: JobKind; readonly collection: string; readonly source: string },
    keep: number,
  ): Job {
    const id = randomBytes(6).toString('hex')
    const now = new Date().toISOString()
    this.#run(
      `INSERT INTO jobs (id, kind, collection, source, state, created_at, updated_at)
       VALUES ($id, $kind, $collection, $source, 'running', $now, $now)`,
      { ...work, id, now },
    )
    this.#run(
      `DELETE FROM jobs WHERE state NOT IN ('running', 'queued')
       AND number <= (SELECT number FROM jobs ORDER BY number DESC LIMIT 1 OFFSET $keep)`,
      { keep },
    )
    return this.get(id)
  }

  /** Goes on with a job that ended before it was done. */
  restart(id: string): Job {
    this.#run(
      `UPDATE jobs SET state = 'running', error_code = NULL, error_reason = NULL, rate = NULL, eta = NULL,
         updated_at = $now WHERE id = $id`,
      { id, now: new Date().toISOString() },
    )
    return this.get(id)
  }

  /** Forgets how far a job had come, and what had failed. */
  reset(id: string): void {
    this.#together(() => {
      this.#run('DELETE FROM errors WHERE job = (SELECT number FROM jobs WHERE id = $id)', { id })
      this.#run(
        `UPDATE jobs SET total = 0, embedded = 0, unchanged = 0, failed = 0, checkpoint = NULL WHERE id = $id`,
        { id },
      )
    })
  }

  note(id: string, { counts, ratePerSecond, etaSeconds, checkpoint, errors }: JobProgress): void {
    this.#together(() => {
      this.#run(
        `UPDATE jobs SET total = $total, embedded = $embedded, unchanged = $unchanged, failed = $failed,
           rate = $rate, eta = $eta, checkpoint = $checkpoint, updated_at = $now WHERE id = $id`,
        { ...counts, rate: ratePerSecond, eta: etaSeconds, checkpoint, now: new Date().toISOString(), id },
      )
      const add = this.#database.prepare(
        `INSERT INTO errors SELECT number, (SELECT coalesce(max(number), 0) + 1 FROM errors WHERE job = jobs.number),
           $row, $errorId, $code, $reason FROM jobs WHERE id = $id`,
      )
      for (const error of errors) {
        const { row, code, reason } = error
        add.run({ id, row, errorId: error.id, code, reason })
      }
    })
  }

  noteDeleted(id: string, deleted: number): void {
    this.#run('UPDATE jobs SET deleted = $deleted WHERE id = $id', { id, deleted })
  }

  finish(id: string, state: Exclude<JobState, 'queued' | 'running'>, error: KindredError | null): Job {
    this.#run(
      `UPDATE jobs SET state = $state, eta = NULL, error_code = $code, error_reason = $reason, updated_at = $now
       WHERE id = $id`,
      { id, state, code: error?.code ?? null, reason: error?.message ?? null, now: new Date().toISOString() },
    )
    return this.get(id)
  }

  /** @throws KindredError JOB_NOT_FOUND */
  get(id: string): Job {
    return toJob(this.#row(id))
  }

  /** What the newest progress of a job said that it goes on from; null before the first. */
  checkpointOf(id: string): string | null {
    return this.#row(id).checkpoint
  }

  /** The newest job of a source and a collection. */
  newest(collection: string, source: string): Job | null {
    const row = this.#database
      .prepare<[string, string], Row>(
        'SELECT * FROM jobs WHERE collection = ? AND source = ? ORDER BY number DESC LIMIT 1',
      )
      .get(collection, source)
    return row === undefined ? null : toJob(row)
  }

  /** Jobs, the newest first. @throws KindredError INVALID_CURSOR, INVALID_ARGUMENT */
  list({ cursor, limit }: PageRequest): Page<Job> {
    checkWhole('limit', limit, 1, largestPage)
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(decodeCursor(cursor, 'jobs'))
    const rows = this.#database
      .prepare<[number, number], Row>('SELECT * FROM jobs WHERE number < ? ORDER BY number DESC LIMIT ?')
      .all(before, limit + 1)
    return page(rows, limit, 'jobs', toJob)
  }

  /** Rows that failed, in the order in which they were settled. @throws KindredError JOB_NOT_FOUND, INVALID_CURSOR */
  errors(id: string, { cursor, limit }: PageRequest): Page<JobError> {
    checkWhole('limit', limit, 1, largestPage)
    const { number } = this.#row(id)
    const after = cursor === undefined ? 0 : Number(decodeCursor(cursor, id))
    const rows = this.#database
      .prepare<[number, number, number], JobError & { number: number }>(
        'SELECT number, row, id, code, reason FROM errors WHERE job = ? AND number > ? ORDER BY number LIMIT ?',
      )
      .all(number, after, limit + 1)
    return page(rows, limit, id, ({ row, id: item, code, reason }) => ({ row, id: item, code, reason }))
  }

  close(): void {
    this.#database.close()
  }

  #row(id: string): Row {
    const row = this.#database.prepare<[string], Row>('SELECT * FROM jobs WHERE id = ?').get(id)
    if (row === undefined) throw new KindredError('JOB_NOT_FOUND', `There is no job ${id}`)
    return row
  }

  #run(statement: string, values: Readonly<Record<string, string | number | null>>): number {
    return storeErrors(jobsSchema.name, () => this.#database.prepare(statement).run(values).changes)
  }

  #together(work: () => void): void {
    storeErrors(jobsSchema.name, () => {
      this.#database.transaction(work)()
    })
  }
}

function page<From extends { readonly number: number }, To>(
  rows: readonly From[],
  limit: number,
  scope: string,
  convert: (row: From) => To,
): Page<To> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const more = rows.length > limit && last !== undefined
  return { items: shown.map(convert), nextCursor: more ? encodeCursor(scope, String(last.number)) : null }
}

function toJob(row: Row): Job {
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
