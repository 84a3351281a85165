import type { Worker } from 'node:worker_threads'
import { KindredError } from '../../errors.js'
import type { Logger } from '../../log.js'
import { forgetThread, watchThread, type NativeGuard } from '../../native-guard.js'
import type { CallName, CollectionCalls, ThreadMessage } from './collection-calls.js'
import { toError } from './error-message.js'

interface Waiting {
  readonly message: { readonly call: number; readonly name: CallName; readonly args: unknown[] }
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  attempts: number
}

/** A call that ended so many threads is given up: it may be what ends them. */
const mostAttempts = 3

/**
 * The main thread's side of a collection's thread. It starts at the first call. When it ends unasked, a new one opens
 * the collection from disk and the calls without an answer are made again, in their order; each of them may be made
 * twice without harm, because a write says what is to be there and not what to change. (One on a condition may be refused
 * the second time, as RFC 9110 section 13.1.1 allows: who gets the item again sees that it is as it was written.)
 */
export class CollectionThread {
  readonly #start: (guard: NativeGuard) => Worker
  readonly #logger: Logger
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #lastCall = 0
  #fault: unknown = undefined
  #closed = false

  constructor(start: (guard: NativeGuard) => Worker, logger: Logger) {
    this.#start = start
    this.#logger = logger
  }

  /** Whether it takes no more calls. */
  get closed(): boolean {
    return this.#closed
  }

  /**
   * @throws KindredError what the call throws; STORE_FAILED when its thread ended again and again; STORE_CLOSED after
   * `close`: a new thread would open a folder that may be gone
   */
  call<Name extends CallName>(
    name: Name,
    ...args: Parameters<CollectionCalls[Name]>
  ): Promise<ReturnType<CollectionCalls[Name]>> {
    if (this.#closed) {
      return Promise.reject(
        new KindredError('STORE_CLOSED', 'The collection was replaced, deleted or closed'),
      )
    }
    return new Promise((resolve, reject) => {
      const message = { call: ++this.#lastCall, name, args }
      this.#waiting.set(message.call, {
        message,
        // Both ends of the channel are compiled against CollectionCalls.
        resolve: resolve as (value: unknown) => void,
        reject,
        attempts: 0,
      })
      this.#worker ??= this.#open()
      this.#send(this.#worker, message.call)
    })
  }

  /** Waits for the calls made before, then lets the thread end. It takes no call that follows. */
  async close(snapshot: boolean): Promise<void> {
    if (this.#worker === null) {
      this.#closed = true
      return
    }
    const worker = this.#worker
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    const closing = this.call('close', snapshot)
    this.#closed = true
    await closing
    // A thread that took over while closing ends by itself as well.
    if (this.#worker === worker) await ended
  }

  #open(): Worker {
    const guard = watchThread()
    const worker = this.#start(guard)
    this.#fault = undefined
    worker.on('message', (message: ThreadMessage) => {
      this.#receive(message)
    })
    worker.on('error', (error) => {
      this.#fault = error
    })
    worker.on('exit', () => {
      forgetThread(guard)
      this.#ended()
    })
    return worker
  }

  #send(worker: Worker, call: number): void {
    const waiting = this.#waiting.get(call)
    if (waiting === undefined) return
    waiting.attempts++
    worker.postMessage(waiting.message)
  }

  #receive(message: ThreadMessage): void {
    switch (message.kind) {
      case 'result':
        this.#take(message.call)?.resolve(message.value)
        return
      case 'error':
        this.#take(message.call)?.reject(toError(message.error))
        return
      case 'unopenable':
        for (const call of [...this.#waiting.keys()]) this.#take(call)?.reject(toError(message.error))
        return
      case 'log':
        this.#logger[message.level](message.details, message.message)
        return
    }
  }

  #take(call: number): Waiting | undefined {
    const waiting = this.#waiting.get(call)
    this.#waiting.delete(call)
    return waiting
  }

  #ended(): void {
    this.#worker = null
    const fault = this.#fault
    if (this.#waiting.size === 0 && fault === undefined) return
    this.#logger.warn(
      { err: fault, calls: this.#waiting.size },
      'The thread of a collection ended; it starts again',
    )
    for (const [call, { attempts, reject }] of this.#waiting) {
      if (attempts < mostAttempts) continue
      this.#waiting.delete(call)
      reject(
        new KindredError('STORE_FAILED', 'The thread of the collection ended again and again', {
          cause: fault,
        }),
      )
    }
    if (this.#waiting.size === 0) return
    this.#worker = this.#open()
    for (const call of this.#waiting.keys()) this.#send(this.#worker, call)
  }
}
