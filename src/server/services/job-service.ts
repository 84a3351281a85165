import path from 'node:path'
import type { Bundle } from '../../bundles/bundle.js'
import type { CollectionStore, Page, PageRequest } from '../../collections/collection-store.js'
import { patientEmbedder } from '../../collections/imports/patient-embedder.js'
import type { FilterLimits } from '../../collections/filter/filter.js'
import { parseDeletion } from '../../collections/filter/parse-deletion.js'
import { deleteJob, type DeleteRequest } from '../../collections/jobs/delete-job.js'
import { duplicatesJob, type DuplicatesRequest } from '../../collections/jobs/duplicates-job.js'
import type { JobEvent, JobWork } from '../../collections/jobs/job-work.js'
import type { Job, JobCount, JobError, JobFilter, JobKind } from '../../collections/jobs/job.js'
import type { Jobs } from '../../collections/jobs/jobs.js'
import {
  allowedPaths,
  requestedImport,
  type ImportParts,
  type ImportRequest,
} from '../../collections/jobs/requested-import.js'
import { reindexJob } from '../../collections/jobs/reindex-job.js'
import { restoreJob, type RestoreRequest } from '../../collections/jobs/restore-job.js'
import { KindredError, toKindredError } from '../../errors.js'
import { InvalidFieldError } from '../invalid-field.js'
import type { Upload } from '../requests/upload-spool.js'

/** What each kind of job is asked for; its record keeps it. */
interface Requests {
  readonly import: ImportRequest
  readonly 'dry-import': ImportRequest
  readonly delete: DeleteRequest
  readonly restore: RestoreRequest
  readonly duplicates: DuplicatesRequest
  readonly reindex: ReindexRequest
}

interface ReindexRequest {
  /** `NAME@FINGERPRINT` */
  readonly model: string
  /** Share of the items that may be lost. */
  readonly maxMissing: number
}

export type JobKinds = { readonly [Kind in JobKind]: (request: Requests[Kind]) => JobWork }

/** What a server's jobs work with. */
export interface JobParts extends ImportParts {
  /** Most items in groups of duplicates. */
  readonly maxDuplicates: number
  /** Share of the items, 0 to 1, that a change of model may lose unless it is told that it may lose any. */
  readonly maxMissing: number
  /** @param name a bundle's, or `NAME@FINGERPRINT` @throws KindredError MODEL_NOT_FOUND */
  readonly findModel: (name: string) => Promise<Pick<Bundle, 'model'>>
  readonly filter: FilterLimits
}

/** How each kind of job is done. */
export const jobKinds = (parts: JobParts): JobKinds => ({
  import: (request) => requestedImport(parts, request),
  'dry-import': (request) => requestedImport(parts, request),
  delete: (request) => deleteJob(parts.store, request),
  restore: (request) => restoreJob(parts.store, request),
  duplicates: (request) => duplicatesJob(parts.store, request, parts.maxDuplicates),
  reindex: ({ model, maxMissing }) =>
    reindexJob(parts.store, {
      maxMissing,
      limits: parts.imageLimits,
      decoder: parts.decoder,
      embedder: async (signal) => patientEmbedder(await parts.embedderFor(model), parts.slots, signal),
    }),
})

type ImportOptions = Pick<ImportRequest, 'deleteMissing' | 'dryRun'>

/** Begins jobs, and tells of them. What is wrong with a request is found before there is a job. */
export class JobService {
  readonly #jobs: Jobs
  readonly #store: CollectionStore
  readonly #parts: JobParts
  readonly #kinds: JobKinds

  constructor(jobs: Jobs, parts: JobParts) {
    this.#jobs = jobs
    this.#store = parts.store
    this.#parts = parts
    this.#kinds = jobKinds(parts)
  }

  /** Goes on with what an earlier process left. */
  goOn(): void {
    this.#jobs.goOn(({ kind }, request) => {
      const work = this.#kinds[kind] as ((request: unknown) => JobWork) | undefined
      if (work !== undefined) return work(request)
      const unknown = new KindredError('STORE_TOO_NEW', `This program knows no jobs of the kind ${kind}`)
      return { run: () => Promise.reject(unknown) }
    })
  }

  /** @throws KindredError COLLECTION_NOT_FOUND, PATH_NOT_ALLOWED, INVALID_ARGUMENT, JOBS_FULL, SHUTTING_DOWN */
  async importFrom(
    collection: string,
    paths: Pick<ImportRequest, 'source' | 'ids'>,
    options: ImportOptions,
  ): Promise<Job> {
    const request = { ...allowedPaths(paths, this.#parts.roots), uploaded: false, ...options }
    return this.#import(collection, request.source, request)
  }

  /**
   * @param upload belongs to the job once this resolves
   * @throws KindredError COLLECTION_NOT_FOUND, JOBS_FULL, SHUTTING_DOWN
   */
  async importUpload(collection: string, upload: Upload, options: ImportOptions): Promise<Job> {
    const request = { source: upload.file, ids: null, uploaded: true, ...options }
    return this.#import(collection, path.basename(upload.name), request)
  }

  /** @throws KindredError COLLECTION_NOT_FOUND, INVALID_FILTER, JOBS_FULL, SHUTTING_DOWN */
  async deleteMatching(collection: string, request: DeleteRequest): Promise<Job> {
    parseDeletion(request.filter, request.all, this.#parts.filter)
    const { name } = await this.#store.getCollection(collection)
    return this.#start('delete', name, JSON.stringify(request.filter), request)
  }

  /**
   * @param collection whose snapshot it is; may be gone
   * @param into absent for the collection itself
   * @throws KindredError SNAPSHOT_NOT_FOUND, SNAPSHOT_INVALID, JOBS_FULL, SHUTTING_DOWN
   */
  async restore(collection: string, snapshot: string, into = collection): Promise<Job> {
    const of = await this.nameOf(collection)
    await this.#store.snapshots.get(of, snapshot)
    return this.#start('restore', await this.nameOf(into), `${of}/${snapshot}`, { of, snapshot })
  }

  /** @throws KindredError COLLECTION_NOT_FOUND, JOBS_FULL, SHUTTING_DOWN */
  async findDuplicates(collection: string, { threshold }: DuplicatesRequest): Promise<Job> {
    const { name } = await this.#store.getCollection(collection)
    return this.#start('duplicates', name, String(threshold), { threshold })
  }

  /** @throws KindredError COLLECTION_NOT_FOUND, MODEL_NOT_FOUND, INVALID_REQUEST, JOBS_FULL, SHUTTING_DOWN */
  async reindex(collection: string, wanted: string, allowMissing: boolean): Promise<Job> {
    const { name, model: has } = await this.#store.getCollection(collection)
    const { model } = await this.#parts.findModel(wanted)
    if (has === model) throw new InvalidFieldError('model', `${name} is embedded by ${model} already`)
    const maxMissing = allowMissing ? 1 : this.#parts.maxMissing
    return this.#start('reindex', name, model, { model, maxMissing })
  }

  /** The name of a collection where it is called by an alias; as it is where there is no such collection. */
  async nameOf(collection: string): Promise<string> {
    try {
      return await this.#store.nameOf(collection)
    } catch (thrown) {
      if (toKindredError(thrown).code === 'COLLECTION_NOT_FOUND') return collection
      throw thrown
    }
  }

  counts(): JobCount[] {
    return this.#jobs.counts()
  }

  list(page: PageRequest & JobFilter): Page<Job> {
    return this.#jobs.list(page)
  }

  get(id: string): Job {
    return this.#jobs.get(id)
  }

  cancel(id: string): Job {
    return this.#jobs.cancel(id)
  }

  /** Of a collection that is gone. */
  cancelOf(collection: string): void {
    this.#jobs.cancelOf(collection)
  }

  errors(id: string, page: PageRequest): Page<JobError> {
    return this.#jobs.errors(id, page)
  }

  results(id: string, page: PageRequest): Page<object> {
    return this.#jobs.results(id, page)
  }

  watch(id: string, listener: (event: JobEvent) => void): () => void {
    return this.#jobs.watch(id, listener)
  }

  finished(id: string): Promise<Job> {
    return this.#jobs.finished(id)
  }

  stop(): Promise<void> {
    return this.#jobs.stop()
  }

  close(): Promise<void> {
    return this.#jobs.close()
  }

  async #import(collection: string, source: string, request: ImportRequest): Promise<Job> {
    const { name } = await this.#store.getCollection(collection)
    return this.#start(request.dryRun ? 'dry-import' : 'import', name, source, request)
  }

  #start<Kind extends JobKind>(kind: Kind, collection: string, source: string, request: Requests[Kind]): Job {
    return this.#jobs.start({ kind, collection, source, request }, this.#kinds[kind](request))
  }
}
