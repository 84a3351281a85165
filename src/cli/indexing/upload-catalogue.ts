import { openAsBlob } from 'node:fs'
import path from 'node:path'
import type { Client } from '../../client/client.js'
import { entriesOf } from '../../collections/jobs/job-lines.js'
import type { JobError } from '../../collections/jobs/job.js'
import type { Page } from '../../collections/collection-store.js'
import type { CatalogueRow } from '../../datasets/catalogues/catalogue-row.js'
import { KindredError } from '../../errors.js'
import { followRemoteJob } from '../remote/remote-job.js'
import type { ImportReporter } from './import-reporter.js'
import type { IndexRequest, IndexResult } from './index-request.js'

/**
 * Whether a source goes to a server as one file, whose import is a job there: an archive, or a JSONL of embeddings. Other
 * sources name files of this machine, which go one by one; so does what is to be asked about, or fetched, here.
 */
export function goesAsOneFile(
  { source, deletion, config }: IndexRequest,
  first: CatalogueRow | null,
): boolean {
  const kind = first?.content.kind
  if (kind === undefined || kind === 'url' || config.fetchFrom !== 'none') return false
  if (deletion !== null && deletion.atMost === null) return false
  return (
    /\.(zip|tar|tar\.gz|tgz)$/i.test(source) || (/\.(jsonl|ndjson)$/i.test(source) && kind === 'embedding')
  )
}

/**
 * Lets a server import a file.
 *
 * @returns null where the server takes no files so large
 * @throws KindredError what the server says; why the job failed
 */
export async function uploadCatalogue(
  client: Client,
  { source, collection, deletion }: IndexRequest,
  reporter: ImportReporter,
  signal: AbortSignal,
): Promise<IndexResult | null> {
  const begun = await begin(client, source, collection, deletion?.atMost ?? null, signal)
  if (begun === null) return null
  const { id } = begun
  try {
    const job = await followRemoteJob(client, id, {
      signal,
      onProgress: reporter.job,
    })
    return {
      job: id,
      there: true,
      counts: job.counts,
      deleted: job.deleted,
      interrupted: job.state === 'cancelled',
    }
  } finally {
    const read = async (query: { limit: number; cursor?: string }) =>
      (await client.listJobErrors({ path: { job: id }, query })) as Page<JobError>
    for await (const error of entriesOf(read)) reporter.errors([error])
  }
}

async function begin(
  client: Client,
  source: string,
  collection: string,
  deleteMissing: number | null,
  signal: AbortSignal,
): Promise<{ readonly id: string } | null> {
  const file = new File([await openAsBlob(source)], path.basename(source))
  try {
    return await client.createImport({
      path: { collection },
      body: { file, dryRun: false, ...(deleteMissing !== null && { deleteMissing }) },
      signal,
    })
  } catch (thrown) {
    signal.throwIfAborted()
    if (thrown instanceof KindredError && thrown.code === 'PAYLOAD_TOO_LARGE') return null
    throw thrown
  }
}
