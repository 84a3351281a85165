import { Readable } from 'node:stream'
import type { PageRequest } from '../../collections/collection-store.js'
import { asLines, errorsAsCsv } from '../../collections/jobs/job-lines.js'
import { onlyAllowed } from '../access/access.js'
import type { Api, Handlers } from '../contract/operation-types.js'
import type { JobEvents } from '../services/job-events.js'
import type { JobService } from '../services/job-service.js'
import { jobBegun } from './job-begun.js'

type JobHandlers = Pick<
  Handlers,
  | 'createImport'
  | 'createDuplicates'
  | 'createReindex'
  | 'listJobs'
  | 'getJob'
  | 'cancelJob'
  | 'listJobErrors'
  | 'listJobResult'
  | 'streamJobEvents'
>

/** /v1/jobs, and what begins those that have no resource of their own */
export const jobHandlers = (jobs: JobService, events: JobEvents): JobHandlers => ({
  async createImport({ path, body: { path: source, ids, deleteMissing, dryRun }, upload }) {
    const options = { deleteMissing: deleteMissing ?? null, dryRun }
    return jobBegun(
      upload === null
        ? await jobs.importFrom(path.collection, { source, ids: ids ?? null }, options)
        : await jobs.importUpload(path.collection, upload, options),
    )
  },
  async createDuplicates({ path, body }) {
    return jobBegun(await jobs.findDuplicates(path.collection, body))
  },
  async createReindex({ path, body }) {
    return jobBegun(await jobs.reindex(path.collection, body.model, body.allowMissing))
  },
  async listJobs({ query, access }) {
    const { collection, ...page } = query
    const named = collection === undefined ? {} : { collection: await jobs.nameOf(collection) }
    const { items, nextCursor } = jobs.list({ ...page, ...named })
    const mine = await onlyAllowed(access, items, ({ collection }) => collection)
    return { status: 200, body: { items: mine, nextCursor } }
  },
  async getJob({ path, access }) {
    const job = jobs.get(path.job)
    await access.check(job.collection)
    return { status: 200, body: job }
  },
  async cancelJob({ path, access }) {
    await access.check(jobs.get(path.job).collection)
    return { status: 200, body: jobs.cancel(path.job) }
  },
  async listJobErrors({ path, query, accept, access }) {
    await access.check(jobs.get(path.job).collection)
    const page = jobs.errors(path.job, query)
    if (accept === 'text/csv' || accept === 'application/jsonl') {
      const read = (page: PageRequest) => jobs.errors(path.job, page)
      const lines = accept === 'text/csv' ? errorsAsCsv(read) : asLines(read)
      return { status: 200, type: accept, stream: Readable.from(lines) }
    }
    return { status: 200, body: page }
  },
  async listJobResult({ path, query, accept, access }) {
    await access.check(jobs.get(path.job).collection)
    const page = jobs.results(path.job, query) as Api<'DuplicateGroupList'>
    if (accept === 'application/jsonl') {
      return {
        status: 200,
        type: accept,
        stream: Readable.from(asLines((page) => jobs.results(path.job, page))),
      }
    }
    return { status: 200, body: page }
  },
  async streamJobEvents({ path, access }) {
    await access.check(jobs.get(path.job).collection)
    return {
      status: 200,
      type: 'text/event-stream',
      stream: events.follow(path.job, () => access.holds()),
      // A proxy that gathers the answer would tell nothing before the end.
      headers: { 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
    }
  },
})
