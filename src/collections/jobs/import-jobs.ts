import { rmSync } from 'node:fs'
import path from 'node:path'
import { KindredError, toKindredError } from '../../errors.js'
import type { Logger } from '../../log.js'
import type { CollectionStore, Page, PageRequest } from '../collection-store.js'
import type { ImportWork, JobEvent } from './import-work.js'
import type { Job, JobError } from './job.js'
import { JobRecords } from './job-records.js'
import { runImport } from './run-import.js'

interface Running {
  readonly abort: AbortController
  readonly finished: Promise<Job>
  readonly listeners: Set<(event: JobEvent) => void>
}

/**
 * The imports of a store: starts, watches and cancels them, and keeps their records. For whoever has the store open; the
 * command line is one such, a server another.
 */
export class ImportJobs {
  /** Where archives are unpacked. */
  readonly unpackFolder: string
  readonly #records: JobRecords
  readonly #store: CollectionStore
  readonly #keep: number
  readonly #logger: Logger
  readonly #running = new Map<string, Running>()

  /**
   * @param folder the folder of `store`. What a killed process left there (unpacked archives, jobs that were running) is
   *   put in order
   * @throws KindredError STORE_TOO_NEW, STORE_CORRUPT, STORE_FAILED
   */
  constructor(folder: string, store: CollectionStore, { keep, logger }: { keep: number; logger: Logger }) {
    this.unpackFolder = path.join(folder, 'unpacked')
    this.#store = store
    this.#keep = keep
    this.#logger = logger
    this.#records = JobRecords.open(folder)
    this.#records.endInterrupted()
    rmSync(this.unpackFolder, { recursive: true, force: true })
  }

  /** The newest job of a source and a collection where it is not done; it can be gone on with. */
  unfinished(collection: string, source: string): Job | null {
    const newest = this.#records.newest(collection, source)
    return newest === null || newest.state === 'done' || this.#running.has(newest.id) ? null : newest
  }

  /**
   * Starts an import, which goes on by itself.
   *
   * @throws KindredError JOB_NOT_FOUND, INVALID_ARGUMENT when `resume` is not an unfinished job of this source
   */
  start(work: ImportWork): Job {
    const { resume, collection, source } = work
    const job =
      resume === undefined
        ? this.#records.create({ kind: 'import', collection, source }, this.#keep)
        : this.#restart(resume, work)
    const abort = new AbortController()
    const listeners = new Set<(event: JobEvent) => void>()
    const finished = runImport(job, work, {
      records: this.#records,
      store: this.#store,
      resumed: resume !== undefined,
      signal: abort.signal,
      tell: (event) => {
        for (const listener of listeners) listener(event)
      },
    })
      .then(
        () => this.#records.finish(job.id, 'done', null),
        (thrown: unknown) => this.#fail(job.id, thrown, abort.signal),
      )
      .finally(() => this.#running.delete(job.id))
    this.#running.set(job.id, { abort, finished, listeners })
    return job
  }

  /** Tells of a running job until it is over. @returns what ends the telling */
  watch(id: string, listener: (event: JobEvent) => void): () => void {
    const listeners = this.#running.get(id)?.listeners
    listeners?.add(listener)
    return () => {
      listeners?.delete(listener)
    }
  }

  /** Asks a job to stop after what is under way; one that is over stays as it is. @throws KindredError JOB_NOT_FOUND */
  cancel(id: string): Job {
    this.#running.get(id)?.abort.abort()
    return this.#records.get(id)
  }

  /** The job when it is over. @throws KindredError JOB_NOT_FOUND */
  async finished(id: string): Promise<Job> {
    return (await this.#running.get(id)?.finished) ?? this.#records.get(id)
  }

  /** @throws KindredError JOB_NOT_FOUND */
  get(id: string): Job {
    return this.#records.get(id)
  }

  /** The newest first. @throws KindredError INVALID_CURSOR, INVALID_ARGUMENT */
  list(page: PageRequest): Page<Job> {
    return this.#records.list(page)
  }

  /** Rows of a job that failed. @throws KindredError JOB_NOT_FOUND, INVALID_CURSOR, INVALID_ARGUMENT */
  errors(id: string, page: PageRequest): Page<JobError> {
    return this.#records.errors(id, page)
  }

  /** Cancels what is running and waits for it. To be called before the store is closed. */
  async close(): Promise<void> {
    for (const { abort } of this.#running.values()) abort.abort()
    await Promise.all([...this.#running.values()].map(({ finished }) => finished))
    this.#records.close()
  }

  #restart(id: string, { collection, source }: ImportWork): Job {
    const job = this.#records.get(id)
    if (
      this.#running.has(id) ||
      job.state === 'done' ||
      job.collection !== collection ||
      job.source !== source
    ) {
      throw new KindredError('INVALID_ARGUMENT', `The job ${id} is not an unfinished import of ${source}`)
    }
    return this.#records.restart(id)
  }

  #fail(id: string, thrown: unknown, signal: AbortSignal): Job {
    if (signal.aborted && thrown === signal.reason) return this.#records.finish(id, 'cancelled', null)
    const error = toKindredError(thrown)
    this.#logger.debug({ err: error, job: id }, 'The job failed')
    return this.#records.finish(id, 'failed', error)
  }
}
