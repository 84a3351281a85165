import type { Job } from '../../collections/jobs/job.js'
import type { Jobs } from '../../collections/jobs/jobs.js'
import { KindredError } from '../../errors.js'
import { startReporter } from './import-reporter.js'

/**
 * Tells of a job on standard error until it is over; the signal cancels it.
 *
 * @param words.startedOver said where what an earlier run did does not count
 * @returns the job, done or cancelled
 * @throws KindredError why it failed as a whole
 */
export async function followJob(
  jobs: Jobs,
  id: string,
  words: { readonly title: string; readonly startedOver: string },
  { quiet, signal }: { readonly quiet: boolean; readonly signal: AbortSignal },
): Promise<Job> {
  const reporter = startReporter(quiet, words.title)
  jobs.watch(id, ({ job, errors, startedOver }) => {
    if (startedOver) process.stderr.write(`${words.startedOver}\n`)
    reporter.errors(errors)
    reporter.job(job)
  })
  const cancel = (): void => void jobs.cancel(id)
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  const job = await jobs.finished(id).finally(() => {
    signal.removeEventListener('abort', cancel)
    reporter.stop()
  })
  if (job.error !== null) throw new KindredError(job.error.code, job.error.reason)
  return job
}
