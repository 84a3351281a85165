import { KindredError } from '../errors.js'
import { deferred, type Deferred } from './deferred.js'

export interface MicroBatcherOptions<Input, Output> {
  /** Most inputs in one run. */
  readonly maxBatch: number
  /** Most inputs that may wait; a call that would exceed it while others wait is refused. */
  readonly maxQueue: number
  /** Computes a batch: for each input, in order, its output or why there is none. */
  readonly run: (inputs: readonly Input[]) => Promise<readonly (Output | KindredError)[]>
}

interface Call<Output> {
  readonly outputs: Output[]
  readonly size: number
  readonly settled: Deferred<Output[]>
}

interface Waiting<Input, Output> {
  readonly call: Call<Output>
  readonly input: Input
}

/**
 * Runs one batch at a time. The first call starts at once; those that come while a run is under way wait and are taken
 * together, in the order in which they came, so batches grow with the load and cost an idle server no delay.
 */
export class MicroBatcher<Input, Output> {
  readonly #options: MicroBatcherOptions<Input, Output>
  #queue: Waiting<Input, Output>[] = []
  #running: Promise<void> | null = null
  #closed = false

  constructor(options: MicroBatcherOptions<Input, Output>) {
    this.#options = options
  }

  /** Inputs that wait for a run. */
  get waiting(): number {
    return this.#queue.length
  }

  /**
   * @returns an output for each input, in order; the call fails as a whole
   * @throws KindredError EMBEDDER_CLOSED, EMBEDDER_BUSY, what `run` threw or answered; the signal's reason when
   *   aborted, and then inputs not yet in a run never are
   */
  async submit(inputs: readonly Input[], signal?: AbortSignal): Promise<Output[]> {
    signal?.throwIfAborted()
    if (this.#closed) throw new KindredError('EMBEDDER_CLOSED', 'The embedder is closed')
    if (inputs.length === 0) return []
    this.#refuseWhenFull(inputs.length)

    const call: Call<Output> = { outputs: [], size: inputs.length, settled: deferred() }
    for (const input of inputs) this.#queue.push({ call, input })
    const abort = () => {
      this.#fail(call, signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
    this.#running ??= this.#drain()
    try {
      return await call.settled.promise
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  /** Refuses new calls and resolves when those accepted are answered. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  #refuseWhenFull(more: number): void {
    const { maxQueue } = this.#options
    // A call that finds nothing waiting is taken whatever its size: refusing it could never end.
    if (this.waiting > 0 && this.waiting + more > maxQueue) {
      throw new KindredError('EMBEDDER_BUSY', `${this.waiting} pictures wait to be embedded; ${maxQueue} may`)
    }
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, this.#options.maxBatch)
      try {
        const outcomes = await this.#options.run(batch.map(({ input }) => input))
        batch.forEach((waiting, i) => {
          this.#settle(waiting, outcomes[i])
        })
      } catch (error) {
        for (const { call } of batch) this.#fail(call, error)
      }
    }
    this.#running = null
  }

  #settle({ call }: Waiting<Input, Output>, outcome: Output | KindredError | undefined): void {
    if (outcome === undefined || outcome instanceof KindredError) {
      this.#fail(call, outcome ?? new KindredError('EMBEDDER_FAILED', 'A batch came back too short'))
      return
    }
    // The queue keeps a call's inputs in order, so its outputs come in order.
    call.outputs.push(outcome)
    if (call.outputs.length === call.size) call.settled.resolve(call.outputs)
  }

  /** Drops what the call still has waiting. Outputs that arrive later find the promise settled. */
  #fail(call: Call<Output>, reason: unknown): void {
    this.#queue = this.#queue.filter((waiting) => waiting.call !== call)
    call.settled.reject(reason)
  }
}
