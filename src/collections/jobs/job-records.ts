import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { KindredError } from '../../errors.js'
import type { Page, PageRequest } from '../collection-store.js'
import { decodeCursor, encodeCursor } from '../cursor.js'
import { openDatabase, openForReading, storeErrors, type Database } from '../embedded/versioned-database.js'
import { checkWhole, largestPage } from '../ranges.js'
import type { JobProgress } from './job-work.js'
import type { Job, JobCount, JobError, JobFilter, JobKind, JobState } from './job.js'
import { toJob, type JobRow } from './job-row.js'
import { jobsSchema } from './jobs-schema.js'

const fileOf = (store: string): string => path.join(store, 'jobs.db')

/** What a job is to do. */
export interface NewJob {
  readonly kind: JobKind
  readonly collection: string
  readonly source: string
  /** All that its work needs, for a later process to go on with; null where only this one can. */
  readonly request: object | null
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

  /**
   * Notes what became of jobs that their process left: those that another can go on with are queued again, the others have
   * come to an end.
   */
  endInterrupted(): void {
    this.#together(() => {
      this.#run(
        `UPDATE jobs SET state = 'queued', rate = NULL, eta = NULL WHERE state = 'running' AND request IS NOT NULL`,
        {},
      )
      this.#run(
        `UPDATE jobs SET state = 'failed', eta = NULL, error_code = 'INTERRUPTED',
           error_reason = 'The process ended before the job did'
         WHERE state IN ('running', 'queued') AND request IS NULL`,
        {},
      )
    })
  }

  /** Jobs that wait for a process to go on with them, the oldest first, and what each was asked. */
  queued(): { job: Job; request: unknown }[] {
    return this.#database
      .prepare<[], JobRow>(`SELECT * FROM jobs WHERE state = 'queued' ORDER BY number`)
      .all()
      .map((row) => ({ job: toJob(row), request: JSON.parse(row.request ?? 'null') as unknown }))
  }

  /** @param keep how many records stay, this one included; older ones go with their errors unless they are unfinished */
  create({ kind, collection, source, request }: NewJob, keep: number): Job {
    const id = randomBytes(6).toString('hex')
    const now = new Date().toISOString()
    this.#run(
      `INSERT INTO jobs (id, kind, collection, source, request, state, created_at, updated_at)
       VALUES ($id, $kind, $collection, $source, $request, 'queued', $now, $now)`,
      { id, kind, collection, source, request: request && JSON.stringify(request), now },
    )
    this.#run(
      `DELETE FROM jobs WHERE state NOT IN ('running', 'queued')
       AND number <= (SELECT number FROM jobs ORDER BY number DESC LIMIT 1 OFFSET $keep)`,
      { keep },
    )
    return this.get(id)
  }

  /** Notes that a job runs, or that it waits to: then also what ended it before is forgotten. */
  enter(id: string, state: 'queued' | 'running'): Job {
    this.#run(
      `UPDATE jobs SET state = $state, error_code = NULL, error_reason = NULL, rate = NULL, eta = NULL,
         updated_at = $now WHERE id = $id`,
      { id, state, now: new Date().toISOString() },
    )
    return this.get(id)
  }

  /** Forgets how far a job had come, what it had found, and what had failed. */
  reset(id: string): Job {
    this.#together(() => {
      for (const table of ['errors', 'results']) {
        this.#run(`DELETE FROM ${table} WHERE job = (SELECT number FROM jobs WHERE id = $id)`, { id })
      }
      this.#run(
        `UPDATE jobs SET total = 0, embedded = 0, unchanged = 0, failed = 0, checkpoint = NULL WHERE id = $id`,
        { id },
      )
    })
    return this.get(id)
  }

  /** Writes how far a job has come, together or not at all. */
  note(id: string, progress: JobProgress): Job {
    const { counts, deleted, ratePerSecond, etaSeconds, checkpoint, errors = [], results = [] } = progress
    const { total = null, embedded = null, unchanged = null, failed = null } = counts ?? {}
    this.#together(() => {
      this.#run(
        `UPDATE jobs SET total = coalesce($total, total), embedded = coalesce($embedded, embedded),
           unchanged = coalesce($unchanged, unchanged), failed = coalesce($failed, failed),
           deleted = coalesce($deleted, deleted), checkpoint = coalesce($checkpoint, checkpoint),
           rate = $rate, eta = $eta, updated_at = $now WHERE id = $id`,
        {
          ...{ id, total, embedded, unchanged, failed },
          deleted: deleted ?? null,
          checkpoint: checkpoint ?? null,
          rate: ratePerSecond ?? null,
          eta: etaSeconds ?? null,
          now: new Date().toISOString(),
        },
      )
      const addError = this.#database.prepare(
        `INSERT INTO errors SELECT number, (SELECT coalesce(max(number), 0) + 1 FROM errors WHERE job = jobs.number),
           $row, $errorId, $code, $reason FROM jobs WHERE id = $id`,
      )
      for (const { row, id: errorId, code, reason } of errors)
        addError.run({ id, row, errorId, code, reason })
      const addResult = this.#database.prepare(
        `INSERT INTO results SELECT number, (SELECT coalesce(max(number), 0) + 1 FROM results WHERE job = jobs.number),
           $value FROM jobs WHERE id = $id`,
      )
      for (const result of results) addResult.run({ id, value: JSON.stringify(result) })
    })
    return this.get(id)
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

  /** The newest import of a source into a collection. */
  newest(kind: JobKind, collection: string, source: string): Job | null {
    const row = this.#database
      .prepare<[string, string, string], JobRow>(
        'SELECT * FROM jobs WHERE collection = ? AND source = ? AND kind = ? ORDER BY number DESC LIMIT 1',
      )
      .get(collection, source, kind)
    return row === undefined ? null : toJob(row)
  }

  /** Jobs, the newest first. @throws KindredError INVALID_CURSOR, INVALID_ARGUMENT */
  list({ cursor, limit, state, kind, collection }: PageRequest & JobFilter): Page<Job> {
    checkWhole('limit', limit, 1, largestPage)
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(decodeCursor(cursor, 'jobs'))
    // No index: as many records are kept as keepJobs says.
    const rows = this.#database
      .prepare<[Record<string, string | number | null>], JobRow>(
        `SELECT * FROM jobs
         WHERE number < $before AND ($state IS NULL OR state = $state) AND ($kind IS NULL OR kind = $kind)
           AND ($collection IS NULL OR collection = $collection)
         ORDER BY number DESC LIMIT $most`,
      )
      .all({
        before,
        state: state ?? null,
        kind: kind ?? null,
        collection: collection ?? null,
        most: limit + 1,
      })
    return page(rows, limit, 'jobs', toJob)
  }

  /** How many there are of each kind in each state. */
  counts(): JobCount[] {
    return this.#database
      .prepare<[], JobCount>('SELECT kind, state, count(*) AS count FROM jobs GROUP BY kind, state')
      .all()
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

  /** What a job found, in order. @throws KindredError JOB_NOT_FOUND, INVALID_CURSOR, INVALID_ARGUMENT */
  results(id: string, { cursor, limit }: PageRequest): Page<object> {
    checkWhole('limit', limit, 1, largestPage)
    const { number } = this.#row(id)
    const scope = `${id} results`
    const after = cursor === undefined ? 0 : Number(decodeCursor(cursor, scope))
    const rows = this.#database
      .prepare<[number, number, number], { number: number; value: string }>(
        'SELECT number, value FROM results WHERE job = ? AND number > ? ORDER BY number LIMIT ?',
      )
      .all(number, after, limit + 1)
    return page(rows, limit, scope, ({ value }) => JSON.parse(value) as object)
  }

  close(): void {
    this.#database.close()
  }

  #row(id: string): JobRow {
    const row = this.#database.prepare<[string], JobRow>('SELECT * FROM jobs WHERE id = ?').get(id)
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
