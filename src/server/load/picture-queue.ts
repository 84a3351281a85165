import { deferred, type Deferred } from '../../embedding/deferred.js'
import { KindredError } from '../../errors.js'

export interface PictureQueueLimits {
  /** Pictures that are decoded and embedded at the same time. */
  readonly atOnce: number
  /** Most pictures that may wait for that. */
  readonly waiting: number
}

/**
 * The line in which pictures wait to be decoded and embedded. It is short on purpose: who comes when it is full is told
 * so at once, and those who are in it are answered as fast as ever. Whoever leaves it is never worked for.
 */
export class PictureQueue {
  readonly #limits: PictureQueueLimits
  readonly #line = new Set<Deferred<undefined>>()
  #running = 0

  constructor(limits: PictureQueueLimits) {
    this.#limits = limits
  }

  /** Pictures that are being worked on. */
  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#line.size
  }

  /**
   * For whoever is about to receive a picture: is there any use in that?
   *
   * @returns OVERLOADED where there is none
   */
  refusal(more = 1): KindredError | undefined {
    const { atOnce, waiting: most } = this.#limits
    // Where there is room for one, several are taken whatever their number: refusing them could never end.
    const fits = this.waiting === 0 ? this.#running < atOnce || most > 0 : this.waiting + more <= most
    if (fits) return undefined
    return new KindredError('OVERLOADED', `${this.waiting} pictures wait for their turn, and ${most} may`)
  }

  /**
   * Does the work for each of a request's pictures when its turn comes. The first failure is the answer, and what the
   * request still has in the line leaves it.
   *
   * @throws KindredError OVERLOADED; what a piece of work throws; the signal's reason when aborted
   */
  async run<T>(works: readonly (() => Promise<T>)[], signal: AbortSignal): Promise<T[]> {
    signal.throwIfAborted()
    const refusal = this.refusal(works.length)
    if (refusal !== undefined) throw refusal
    const failed = new AbortController()
    const over = AbortSignal.any([signal, failed.signal])
    return Promise.all(
      works.map(async (work) => {
        await this.#turn(over)
        try {
          return await work()
        } catch (error) {
          failed.abort(error)
          throw error
        } finally {
          this.#leave()
        }
      }),
    )
  }

  async #turn(signal: AbortSignal): Promise<void> {
    if (this.#running < this.#limits.atOnce) {
      this.#running++
      return
    }
    const turn = deferred<undefined>()
    this.#line.add(turn)
    const abort = (): void => {
      this.#line.delete(turn)
      turn.reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    try {
      await turn.promise
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  /** The place goes to the first in the line, if there is one. */
  #leave(): void {
    const [next] = this.#line
    if (next === undefined) {
      this.#running--
      return
    }
    this.#line.delete(next)
    next.resolve(undefined)
  }
}
