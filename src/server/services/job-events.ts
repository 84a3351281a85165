import { Readable } from 'node:stream'
import { isOver, type Job } from '../../collections/jobs/job.js'
import { KindredError } from '../../errors.js'
import type { JobService } from './job-service.js'

const heartbeatMs = 15_000

/** Tells clients of jobs as they go on, as server-sent events (WHATWG HTML, section 9.2). */
export class JobEvents {
  readonly #jobs: Pick<JobService, 'get' | 'watch' | 'finished'>
  readonly #most: number
  #following = 0

  /** @param most clients at a time */
  constructor(jobs: Pick<JobService, 'get' | 'watch' | 'finished'>, most: number) {
    this.#jobs = jobs
    this.#most = most
  }

  /**
   * `progress` at once and whenever there is some, `end` when the job is over. A client that reads slowly misses what has
   * been overtaken; one that leaves destroys the stream.
   *
   * @throws KindredError JOB_NOT_FOUND, TOO_MANY_LISTENERS
   */
  follow(id: string): Readable {
    const job = this.#jobs.get(id)
    if (this.#following >= this.#most) {
      throw new KindredError('TOO_MANY_LISTENERS', `${this.#following} clients follow events already`)
    }
    this.#following++
    let room = true
    let missed: Job | null = null
    const tell = (now: Job): void => {
      if (room) room = stream.push(event('progress', now))
      else missed = now
    }
    const unwatch = this.#jobs.watch(id, ({ job: now }) => {
      tell(now)
    })
    const heartbeat = setInterval(() => {
      if (room) room = stream.push(':\n\n')
    }, heartbeatMs)
    const leave = (): void => {
      this.#following--
      unwatch()
      clearInterval(heartbeat)
    }
    const stream = new Readable({
      read() {
        room = true
        const now = missed
        missed = null
        if (now !== null) tell(now)
      },
      destroy(error, done) {
        leave()
        done(error)
      },
    })
    tell(job)
    void this.#jobs.finished(id).then((now) => {
      if (stream.destroyed) return
      // Not so where the server stops, and the job goes on after its next start.
      if (isOver(now)) stream.push(event('end', now))
      stream.push(null)
    })
    return stream
  }
}

const event = (name: string, job: Job): string => `event: ${name}\ndata: ${JSON.stringify(job)}\n\n`
