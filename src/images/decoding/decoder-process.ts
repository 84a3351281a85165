import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { forkModule } from '../../child-process.js'
import { KindredError } from '../../errors.js'
import type { Decoded, FromDecoder, ToDecoder } from './protocol.js'

/** The process ended while it had a picture, or before it could take one. */
export class DecoderEnded extends Error {}

interface Waiter {
  readonly resolve: (answer: FromDecoder) => void
  readonly reject: (reason: Error) => void
}

/** A process that decodes one picture at a time and can be killed while it does. */
export class DecoderProcess {
  readonly #child: ChildProcess
  /** When it can take pictures. @throws DecoderEnded */
  readonly ready: Promise<unknown>
  /** When nothing of it is left. */
  readonly gone: Promise<void>
  #waiter: Waiter | null = null
  #ended = false

  constructor() {
    this.#child = forkModule(import.meta.url, './decoder.child', [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // One picture at a time needs one thread beside the main one.
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    })
    this.ready = this.#answer()
    // Whoever needs it waits for it, later perhaps.
    this.ready.catch(() => undefined)
    this.#child.on('message', (answer: FromDecoder) => {
      const waiter = this.#waiter
      this.#waiter = null
      waiter?.resolve(answer)
    })
    this.gone = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#end(error.message)
        resolve()
      })
      this.#child.once('exit', (code, signal) => {
        this.#end(signal ?? `exit code ${code}`)
        resolve()
      })
    })
  }

  get ended(): boolean {
    return this.#ended
  }

  /** @throws KindredError as what is asked for; DecoderEnded */
  async decode<Kind extends keyof Decoded>(
    request: ToDecoder & { readonly kind: Kind },
  ): Promise<Decoded[Kind]> {
    const answering = this.#answer()
    if (!this.#ended) {
      this.#child.send(request, (error) => {
        if (error !== null) this.#end(error.message)
      })
    }
    const answer = await answering
    // It answers what it was asked.
    if (answer.kind === 'done') return answer.result as Decoded[Kind]
    if (answer.kind === 'ready') throw new DecoderEnded('it answered without a picture')
    const { code, message, hint } = answer
    throw new KindredError(code, message, hint === undefined ? {} : { hint })
  }

  /** Its memory as Linux tells it; 0 where that is not known. */
  async residentBytes(): Promise<number> {
    if (this.#ended || this.#child.pid === undefined) return 0
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8').catch(() => '')
    return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
  }

  /** At once, whatever it does. */
  kill(): void {
    this.#end('killed')
    this.#child.kill('SIGKILL')
  }

  #answer(): Promise<FromDecoder> {
    if (this.#ended) return Promise.reject(new DecoderEnded('it has ended'))
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject }
    })
  }

  #end(why: string): void {
    this.#ended = true
    this.#waiter?.reject(new DecoderEnded(why))
    this.#waiter = null
  }
}
