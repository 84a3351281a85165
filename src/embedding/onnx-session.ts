import type { Worker } from 'node:worker_threads'
import './no-telemetry.js'
import { KindredError } from '../errors.js'
import { startWorker } from '../worker-thread.js'
import { deferred, type Deferred } from './deferred.js'
import { forgetThread, watchThread } from '../native-guard.js'
import type { FromOnnxWorker, OnnxSettings, OnnxWorkerData, ToOnnxWorker } from './onnx-protocol.js'

/** An ONNX Runtime session in a thread of its own. It runs one batch at a time. */
export interface OnnxSession {
  /** The number of inputs that each run must have; null for any. */
  readonly fixedBatch: number | null
  /** False once the thread has ended; such a session is of no more use. */
  readonly alive: boolean
  /**
   * @param values `[count, ...inputShape]`; its buffer is transferred and afterwards empty
   * @returns `[count, dimensions]`, as the network gave them
   * @throws KindredError EMBEDDER_FAILED when the run fails or the thread ends
   */
  run(values: Float32Array<ArrayBuffer>, count: number): Promise<Float32Array>
  /** Ends the thread after the run under way. */
  close(): Promise<void>
}

/** Starts the thread, opens the model there and runs it once. @throws KindredError EMBEDDER_FAILED */
export async function startOnnxSession(settings: OnnxSettings): Promise<OnnxSession> {
  const guard = watchThread()
  const workerData: OnnxWorkerData = { settings, guard }
  const thread = new OnnxThread(startWorker(import.meta.url, './onnx.worker', { workerData }))
  void thread.ended.then(() => {
    forgetThread(guard)
  })
  try {
    const answer = await thread.answer()
    if (answer.kind !== 'ready') throw unexpected(answer)
    return {
      fixedBatch: answer.fixedBatch,
      get alive() {
        return thread.alive
      },
      async run(values, count) {
        const embedded = await thread.ask({ kind: 'run', values, count }, [values.buffer])
        if (embedded.kind !== 'embedded') throw unexpected(embedded)
        return embedded.values
      },
      close: () => thread.close(),
    }
  } catch (cause) {
    await thread.ended
    throw cause instanceof KindredError
      ? cause
      : new KindredError('EMBEDDER_FAILED', String(cause), { cause })
  }
}

const unexpected = (answer: FromOnnxWorker) =>
  new KindredError('EMBEDDER_FAILED', answer.kind === 'failed' ? answer.message : `Unexpected ${answer.kind}`)

/** The thread, seen as questions and answers; whoever waits when it ends is told. */
class OnnxThread {
  readonly #worker: Worker
  #waiter: Deferred<FromOnnxWorker> | null = null
  #end: KindredError | null = null
  /** Resolves when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>

  constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (answer: FromOnnxWorker) => {
      const waiter = this.#waiter
      this.#waiter = null
      waiter?.resolve(answer)
    })
    worker.on('error', (cause) => {
      this.#finish(
        new KindredError('EMBEDDER_FAILED', `The embedding thread failed: ${cause.message}`, { cause }),
      )
    })
    this.ended = new Promise((resolve) => {
      worker.once('exit', (code) => {
        this.#finish(new KindredError('EMBEDDER_FAILED', `The embedding thread ended with code ${code}`))
        resolve()
      })
    })
  }

  get alive(): boolean {
    return this.#end === null
  }

  answer(): Promise<FromOnnxWorker> {
    if (this.#end !== null) return Promise.reject(this.#end)
    this.#waiter = deferred()
    return this.#waiter.promise
  }

  ask(message: ToOnnxWorker, transfer: ArrayBuffer[]): Promise<FromOnnxWorker> {
    const answer = this.answer()
    if (this.alive) this.#worker.postMessage(message, transfer)
    return answer
  }

  async close(): Promise<void> {
    if (this.alive) this.#worker.postMessage({ kind: 'close' } satisfies ToOnnxWorker)
    await this.ended
  }

  #finish(error: KindredError): void {
    this.#end ??= error
    this.#waiter?.reject(this.#end)
    this.#waiter = null
  }
}
