import { setMaxListeners } from 'node:events'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { KindredError, toKindredError } from '../../errors.js'
import type { Logger } from '../../log.js'
import type { Page, PageRequest } from '../collection-store.js'
import { JobRecords, type NewJob } from './job-records.js'
import type { JobEvent, JobRun, JobWork } from './job-work.js'
import type { Job, JobCount, JobError, JobFilter, JobKind } from './job.js'

export interface WantedJob extends Omit<NewJob, 'request'> {
  /**
   * All that its work needs, as JSON: with it a job that this process does not finish is queued for the next
   * (`goOn`). Absent, nobody else can.
   */
  readonly request?: object
  /** An unfinished job to go on with instead of a new one. */
  readonly resume?: string | undefined
}

export interface JobsOptions {
  /** How many records are kept. */
  readonly keep: number
  /** How many jobs run at a time, those of one collection one after the other; the others wait. */
  readonly atOnce: number
  /** How many may wait. */
  readonly waiting: number
  readonly logger: Logger
}

/** A job of this process that is not over. */
interface Entry {
  readonly id: string
  readonly collection: string
  readonly work: JobWork
  readonly resumed: boolean
  /** Whether another process can go on with it. */
  readonly lasting: boolean
  readonly abort: AbortController
  readonly finished: Promise<Job>
  readonly settle: (job: Job) => void
  readonly listeners: Set<(event: JobEvent) => void>
}

/** Why jobs are stopped when the process is to end: unlike those that are cancelled, the next process goes on with them. */
const ending = new KindredError('INTERRUPTED', 'The process ends before the job does')

/**
 * The jobs of a store: queues, runs, watches and cancels them, and keeps their records. For whoever has the store open;
 * the command line is one such, a server another. What a job does is its JobWork's affair.
 */
export class Jobs {
  /** Where archives are unpacked. */
  readonly unpackFolder: string
  readonly #records: JobRecords
  readonly #options: JobsOptions
  readonly #entries = new Map<string, Entry>()
  readonly #running = new Set<string>()
  #stopping = false

  /**
   * @param folder the store's. What a killed process left there (unpacked archives, jobs that were running) is put in
   *   order
   * @throws KindredError STORE_TOO_NEW, STORE_CORRUPT, STORE_FAILED
   */
  constructor(folder: string, options: JobsOptions) {
    this.unpackFolder = path.join(folder, 'unpacked')
    this.#options = options
    this.#records = JobRecords.open(folder)
    this.#records.endInterrupted()
    rmSync(this.unpackFolder, { recursive: true, force: true })
  }

  /** The newest job of a kind, source and collection where it is not done; it can be gone on with. */
  unfinished(collection: string, source: string, kind: JobKind = 'import'): Job | null {
    const newest = this.#records.newest(kind, collection, source)
    const open = newest !== null && newest.state !== 'done' && newest.state !== 'queued'
    return open && !this.#entries.has(newest.id) ? newest : null
  }

  /**
   * Begins a job, or lets it wait for its turn; it goes on by itself.
   *
   * @throws KindredError JOBS_FULL; SHUTTING_DOWN; JOB_NOT_FOUND, INVALID_ARGUMENT when `resume` is not an unfinished job
   *   of this source
   */
  start(wanted: WantedJob, work: JobWork): Job {
    if (this.#stopping) throw new KindredError('SHUTTING_DOWN', 'No job is begun any more')
    const { kind, collection, source, request = null, resume } = wanted
    const waiting = this.#entries.size - this.#running.size
    if (waiting >= this.#options.waiting) {
      throw new KindredError('JOBS_FULL', `${waiting} jobs wait already`)
    }
    const { id } =
      resume === undefined
        ? this.#records.create({ kind, collection, source, request }, this.#options.keep)
        : this.#toResume(resume, wanted)
    this.#enqueue({ id, collection, work, resumed: resume !== undefined, lasting: request !== null })
    return this.#records.get(id)
  }

  /** Requests of jobs that an earlier process left, and that this one has not gone on with. */
  left(): readonly unknown[] {
    return this.#records.queued().map(({ request }) => request)
  }

  /**
   * Goes on with the jobs that an earlier process left.
   *
   * @param workOf makes the work of a job from its request
   */
  goOn(workOf: (job: Job, request: unknown) => JobWork): void {
    for (const { job, request } of this.#records.queued()) {
      const { id, collection } = job
      this.#enqueue({ id, collection, work: workOf(job, request), resumed: true, lasting: true })
    }
  }

  /** Ends the jobs that an earlier process left, instead of going on with them. */
  giveUp(): void {
    const error = new KindredError('INTERRUPTED', 'The process ended before the job did')
    for (const { job } of this.#records.queued()) this.#records.finish(job.id, 'failed', error)
  }

  /** Tells of a job until it is over. @returns what ends the telling */
  watch(id: string, listener: (event: JobEvent) => void): () => void {
    const listeners = this.#entries.get(id)?.listeners
    listeners?.add(listener)
    return () => {
      listeners?.delete(listener)
    }
  }

  /** Asks a job to stop; one that is over stays as it is. @throws KindredError JOB_NOT_FOUND */
  cancel(id: string): Job {
    const entry = this.#entries.get(id)
    entry?.abort.abort()
    if (entry !== undefined && !this.#running.has(id)) void this.#end(entry, 'cancelled', null)
    return this.#records.get(id)
  }

  /**
   * Cancels the jobs of a collection that is gone: another may get its name before they have their turn, whose items are
   * none of theirs. A restore stays, for it makes the collection.
   */
  cancelOf(collection: string): void {
    for (const entry of [...this.#entries.values()]) {
      if (entry.collection !== collection || this.#records.get(entry.id).kind === 'restore') continue
      this.cancel(entry.id)
    }
  }

  /** The job when it is over, or when this process is to end before it. @throws KindredError JOB_NOT_FOUND */
  async finished(id: string): Promise<Job> {
    return (await this.#entries.get(id)?.finished) ?? this.#records.get(id)
  }

  /** @throws KindredError JOB_NOT_FOUND */
  get(id: string): Job {
    return this.#records.get(id)
  }

  /** The newest first. @throws KindredError INVALID_CURSOR, INVALID_ARGUMENT */
  counts(): JobCount[] {
    return this.#records.counts()
  }

  list(page: PageRequest & JobFilter): Page<Job> {
    return this.#records.list(page)
  }

  /** Rows of a job that failed. @throws KindredError JOB_NOT_FOUND, INVALID_CURSOR, INVALID_ARGUMENT */
  errors(id: string, page: PageRequest): Page<JobError> {
    return this.#records.errors(id, page)
  }

  /** What a job found. @throws KindredError JOB_NOT_FOUND, JOB_UNFINISHED, INVALID_CURSOR, INVALID_ARGUMENT */
  results(id: string, page: PageRequest): Page<object> {
    const { state } = this.#records.get(id)
    if (state === 'done') return this.#records.results(id, page)
    throw new KindredError('JOB_UNFINISHED', `The job ${id} is ${state}; it has a result when it is done`)
  }

  /** Begins nothing any more, stops what runs, and waits for it. */
  async stop(): Promise<void> {
    this.#stopping = true
    const entries = [...this.#entries.values()]
    for (const entry of entries) {
      if (this.#running.has(entry.id)) entry.abort.abort(ending)
      else this.#leave(entry)
    }
    await Promise.all(entries.map(({ finished }) => finished))
  }

  /** Stops, and releases the records. To be called before the store is closed. */
  async close(): Promise<void> {
    await this.stop()
    this.#records.close()
  }

  #toResume(id: string, { kind, collection, source }: WantedJob): Job {
    const job = this.#records.get(id)
    if (
      this.#entries.has(id) ||
      job.state === 'done' ||
      job.state === 'queued' ||
      job.kind !== kind ||
      job.collection !== collection ||
      job.source !== source
    ) {
      throw new KindredError('INVALID_ARGUMENT', `The job ${id} is not an unfinished ${kind} of ${source}`)
    }
    return this.#records.enter(id, 'queued')
  }

  #enqueue(wanted: Pick<Entry, 'id' | 'collection' | 'work' | 'resumed' | 'lasting'>): void {
    let settle: (job: Job) => void = () => undefined
    const finished = new Promise<Job>((resolve) => {
      settle = resolve
    })
    const abort = new AbortController()
    // Each row under way listens.
    setMaxListeners(0, abort.signal)
    const rest = { abort, finished, settle, listeners: new Set<never>() }
    this.#entries.set(wanted.id, { ...wanted, ...rest })
    this.#advance()
  }

  /** Begins what may run now, in the order in which it came. */
  #advance(): void {
    for (const entry of this.#entries.values()) {
      if (this.#stopping || this.#running.size >= this.#options.atOnce) return
      const { id, collection } = entry
      const busy = [...this.#running].some((one) => this.#entries.get(one)?.collection === collection)
      if (busy || this.#running.has(id)) continue
      this.#running.add(id)
      this.#run(entry).catch((thrown: unknown) => {
        // Its record cannot be written; the next process finds it unfinished.
        this.#options.logger.error({ err: thrown, job: id }, 'A job came to an end that cannot be noted')
        this.#forget(entry)
        entry.settle(this.#records.get(id))
      })
    }
  }

  async #run(entry: Entry): Promise<void> {
    const { work, abort } = entry
    const run = this.#runOf(entry)
    // Whoever started the job can begin to watch it first.
    await Promise.resolve()
    try {
      await work.run(run)
    } catch (thrown) {
      const { aborted, reason } = abort.signal as { aborted: boolean; reason: unknown }
      if (!aborted || thrown !== reason) await this.#end(entry, 'failed', toKindredError(thrown))
      else if (reason === ending) this.#leave(entry)
      else await this.#end(entry, 'cancelled', null)
      return
    }
    await this.#end(entry, 'done', null)
  }

  #runOf({ id, resumed, abort, listeners }: Entry): JobRun {
    const job = this.#records.enter(id, 'running')
    const checkpoint = this.#records.checkpointOf(id)
    const tell = (event: JobEvent): Job => {
      for (const listener of listeners) listener(event)
      return event.job
    }
    return {
      job,
      resumed,
      signal: abort.signal,
      checkpoint,
      report: (progress) => {
        const now = this.#records.note(id, progress)
        return tell({ job: now, errors: progress.errors ?? [], startedOver: false })
      },
      startOver: () => tell({ job: this.#records.reset(id), errors: [], startedOver: checkpoint !== null }),
    }
  }

  async #end(
    entry: Entry,
    state: 'done' | 'failed' | 'cancelled',
    error: KindredError | null,
  ): Promise<void> {
    const { id, work, settle } = entry
    const { logger } = this.#options
    if (error !== null) logger.debug({ err: error, job: id }, 'The job failed')
    const job = this.#records.finish(id, state, error)
    this.#forget(entry)
    await work.over?.().catch((thrown: unknown) => {
      logger.warn({ err: thrown, job: id }, 'What a job left could not be removed')
    })
    settle(job)
  }

  /** Leaves a job to a later process. */
  #leave(entry: Entry): void {
    if (!entry.lasting) {
      void this.#end(entry, 'cancelled', null)
      return
    }
    const job = this.#records.enter(entry.id, 'queued')
    this.#forget(entry)
    entry.settle(job)
  }

  #forget({ id }: Entry): void {
    this.#entries.delete(id)
    this.#running.delete(id)
    this.#advance()
  }
}
