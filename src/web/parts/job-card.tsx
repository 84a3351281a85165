import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { wordsFor } from '../api/explain.js'
import { isOver, jobCounts, jobShare, jobTitle, stateWords } from '../format/job-words.js'
import { ago, inFull } from '../format/times.js'
import { useSession, type Job } from '../state/session.js'
import { useAction } from '../state/use-action.js'
import { useJob } from '../state/use-job.js'
import { JobErrors } from './job-errors.js'
import { Problem } from './problem.js'

/** A job as it happens, and what became of it. */
export function JobCard(props: {
  first: Job
  heading: 'h2' | 'h4'
  onOver?: (job: Job) => void
  /** What more there is to it. */
  children?: ComponentChildren
}) {
  const { first, heading: Heading, onOver, children } = props
  const { client } = useSession()
  const { job, error } = useJob(first)
  const cancelling = useAction()
  const [told, setTold] = useState(false)
  const over = isOver(job)
  useEffect(() => {
    // One that was over before is no news.
    if (over && !isOver(first)) onOver?.(job)
  }, [over])
  const title = jobTitle(job)
  const known = wordsFor[job.error?.code ?? '']
  return (
    <article class={`card job job-${job.state}`}>
      <Heading>{title}</Heading>
      <p class="job-state" role={isOver(first) ? undefined : 'status'}>
        {stateWords(job)}
      </p>
      {!over && <progress aria-label={title} max={1} value={jobShare(job) ?? undefined} />}
      <p class="hint">
        {jobCounts(job)} · {job.collection} ·{' '}
        <time dateTime={job.createdAt} title={inFull(job.createdAt)}>
          {ago(job.createdAt)}
        </time>
      </p>
      {job.error !== null && (
        <div class="problem">
          {known !== undefined && (
            <>
              <p class="problem-title">{known[0]}.</p>
              <p>{known[1]}</p>
            </>
          )}
          <p>
            {job.error.reason} <small>({job.error.code})</small>
          </p>
        </div>
      )}
      <Problem error={error ?? cancelling.error} />
      {!over && (
        <button
          type="button"
          aria-disabled={cancelling.busy || told}
          onClick={() => {
            if (told) return
            cancelling.run(async () => {
              await client.cancelJob({ path: { job: job.id } })
              // What is under way is still finished.
              setTold(true)
            })
          }}
        >
          {told ? 'Stopping' : 'Stop'}
        </button>
      )}
      {over && job.counts.failed > 0 && <JobErrors job={job} />}
      {children}
    </article>
  )
}
