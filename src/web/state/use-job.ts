import { useEffect, useState } from 'preact/hooks'
import type { Client } from '../../client/client.js'
import { isOver } from '../format/job-words.js'
import { useSession, type Job } from './session.js'

/** Where the stream of events breaks off, or there is no place for one more listener. */
const askAgainMs = 2000

export interface FollowedJob {
  readonly job: Job
  /** Why it cannot be followed any more. */
  readonly error: unknown
}

/** Follows a job until it is over. */
export function useJob(first: Job): FollowedJob {
  const { client } = useSession()
  const [job, setJob] = useState(first)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    if (isOver(first)) return
    const leaving = new AbortController()
    follow(client, first.id, setJob, leaving.signal).catch((thrown: unknown) => {
      if (!leaving.signal.aborted) setError(thrown)
    })
    return () => {
      leaving.abort()
    }
  }, [client, first.id])
  return { job, error }
}

/** @throws ApiProblem where the job is gone, or is not for this key */
async function follow(
  client: Client,
  id: string,
  tell: (job: Job) => void,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      for await (const { data } of await client.streamJobEvents({ path: { job: id }, signal }))
        tell(data as Job)
    } catch (thrown) {
      if (signal.aborted) throw thrown
      // Whether there is more to it than a broken line is seen by what comes next.
    }
    const job = await client.getJob({ path: { job: id }, signal })
    tell(job)
    if (isOver(job)) return
    await new Promise((resolve) => setTimeout(resolve, askAgainMs))
  }
}
