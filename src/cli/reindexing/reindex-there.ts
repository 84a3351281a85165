import type { Job } from '../../collections/jobs/job.js'
import { startReporter } from '../indexing/import-reporter.js'
import { modelNamed } from '../remote/model-named.js'
import { openClient } from '../remote/open-client.js'
import { followRemoteJob } from '../remote/remote-job.js'

interface ReindexThere {
  readonly collection: string
  /** Folder of a bundle here, or what the server calls a model. */
  readonly model: string
  readonly allowMissing: boolean
  readonly quiet: boolean
}

/**
 * Lets a running server change the model of a collection, and follows its job to the end.
 *
 * @param signal cancels the job
 * @throws KindredError why the job failed; COLLECTION_NOT_FOUND, MODEL_NOT_FOUND, SERVER_UNREACHABLE
 */
export async function reindexThere(
  { collection, model, allowMissing, quiet }: ReindexThere,
  { url, key }: { readonly url: string; readonly key: string | undefined },
  signal: AbortSignal,
): Promise<Job> {
  const client = openClient(url, key)
  const { id } = await client.createReindex({
    path: { collection },
    body: { model: await modelNamed(model), allowMissing },
  })
  const reporter = startReporter(quiet, 'embedding')
  try {
    return await followRemoteJob(client, id, {
      signal,
      onProgress: reporter.job,
    })
  } finally {
    reporter.stop()
  }
}
