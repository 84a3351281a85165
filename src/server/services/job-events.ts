import { Readable } from 'node:stream'
import { isOver, type Job } from '../../collections/jobs/job.js'
import { KindredError } from '../../errors.js'
import type { JobService } from './job-service.js'

const heartbeatMs = 15_000
/** How soon a stream ends whose key was revoked. */
const lookMs = 1000

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
   * @param mayFollow asked again and again; the stream ends when the client may no more
   * @throws KindredError JOB_NOT_FOUND, TOO_MANY_LISTENERS
   */
  follow(id: string, mayFollow: () => boolean): Readable {
    const job = this.#jobs.get(id)
    if (this.#following >= this.#most) {
      throw new KindredError('TOO_MANY_LISTENERS', `${this.#following} clients follow events already`)
    }
    this.#following++
    let room = true
    let missed: Job | null = null
    let ended = false
    const tell = (now: Job): void => {
      if (ended) return
      if (room) room = stream.push(event('progress', now))
      else missed = now
    }
    const unwatch = this.#jobs.watch(id, ({ job: now }) => {
      tell(now)
    })
    const heartbeat = setInterval(() => {
      if (room) room = stream.push(':\n\n')
    }, heartbeatMs)
    const look = setInterval(() => {
      try {
        if (!mayFollow()) end()
      } catch (error) {
        stream.destroy(error as Error)
      }
    }, lookMs)
    const stop = (): void => {
      unwatch()
      clearInterval(heartbeat)
      clearInterval(look)
    }
    const end = (): void => {
      ended = true
      stop()
      stream.push(null)
    }
    const stream = new Readable({
      read() {
        room = true
        const now = missed
        missed = null
        if (now !== null) tell(now)
      },
      destroy: (error, done) => {
        this.#following--
        stop()
        done(error)
      },
    })
    tell(job)
    void this.#jobs.finished(id).then((now) => {
      if (ended || stream.destroyed) return
      // Not so where the server stops, and the job goes on after its next start.
      if (isOver(now)) stream.push(event('end', now))
      end()
    })
    return stream
  }
}

const event = (name: string, job: Job): string => `event: ${name}\ndata: ${JSON.stringify(job)}\n\n`
