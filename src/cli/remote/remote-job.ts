import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../../client/client.js'
import { isOver, type Job } from '../../collections/jobs/job.js'
import { KindredError } from '../../errors.js'

const pollMs = 500

/**
 * Follows a job of a server until it is over, by asking: a connection that breaks meanwhile costs nothing.
 *
 * @param signal cancels the job; it is followed to its end all the same
 * @throws KindredError why the job failed; SERVER_UNREACHABLE
 */
export async function followRemoteJob(
  client: Client,
  id: string,
  { signal, onProgress }: { readonly signal?: AbortSignal; readonly onProgress?: (job: Job) => void } = {},
): Promise<Job> {
  let cancelled = false
  for (;;) {
    // The contract describes a Job, whose codes are of this program's registry.
    const job = (await client.getJob({ path: { job: id } })) as Job
    onProgress?.(job)
    if (job.error !== null) throw new KindredError(job.error.code, job.error.reason)
    if (isOver(job)) return job
    if (signal?.aborted === true && !cancelled) {
      cancelled = true
      await client.cancelJob({ path: { job: id } })
    }
    await sleep(pollMs, undefined, cancelled ? {} : { ...(signal && { signal }) }).catch(() => undefined)
  }
}
