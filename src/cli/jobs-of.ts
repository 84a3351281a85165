import type { Command } from 'commander'
import { JobRecords } from '../collections/jobs/job-records.js'
import type { Job, JobError } from '../collections/jobs/job.js'
import type { Page, PageRequest } from '../collections/collection-store.js'
import { KindredError } from '../errors.js'
import { openClient } from './remote/open-client.js'
import { configOf } from './setting-options.js'

/** Where jobs are read: of a store, or through the API of a server. */
export interface JobsOf {
  readonly url?: string
  readonly key?: string
}

export interface ReadableJobs {
  list(page: PageRequest): Promise<Page<Job>>
  errors(id: string, page: PageRequest): Promise<Page<JobError>>
  results(id: string, page: PageRequest): Promise<Page<object>>
}

/** Reads jobs; the records of a store are closed afterwards, and are read beside whoever writes them. */
export async function readJobs<T>(
  command: Command,
  { url, key }: JobsOf,
  use: (jobs: ReadableJobs) => Promise<T>,
): Promise<T> {
  if (url !== undefined) return use(remoteJobs(url, key))
  const records = JobRecords.openForReading(configOf(command).store)
  try {
    return await use(recorded(records))
  } finally {
    records?.close()
  }
}

/** @param records null where the store never had a job */
function recorded(records: JobRecords | null): ReadableJobs {
  const of = (id: string): JobRecords => {
    if (records === null) throw new KindredError('JOB_NOT_FOUND', `There is no job ${id}`)
    return records
  }
  return {
    list: (page) => Promise.resolve(records?.list(page) ?? { items: [], nextCursor: null }),
    errors: async (id, page) => Promise.resolve(of(id).errors(id, page)),
    results: async (id, page) => Promise.resolve(of(id).results(id, page)),
  }
}

/** The contract describes jobs and errors, whose codes are of this program's registry. */
function remoteJobs(url: string, key: string | undefined): ReadableJobs {
  const client = openClient(url, key)
  return {
    list: async (query) => (await client.listJobs({ query })) as Page<Job>,
    errors: async (job, query) => (await client.listJobErrors({ path: { job }, query })) as Page<JobError>,
    results: (job, query) => client.listJobResult({ path: { job }, query }),
  }
}
