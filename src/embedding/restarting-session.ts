import type { OnnxSession } from './onnx-session.js'

/** Keeps a session at hand: when its thread has died, the next to ask gets a new one. One asks at a time. */
export class RestartingSession {
  readonly #start: () => Promise<OnnxSession>
  #session: OnnxSession

  private constructor(start: () => Promise<OnnxSession>, session: OnnxSession) {
    this.#start = start
    this.#session = session
  }

  static async start(start: () => Promise<OnnxSession>): Promise<RestartingSession> {
    return new RestartingSession(start, await start())
  }

  get fixedBatch(): number | null {
    return this.#session.fixedBatch
  }

  /** @throws what starting throws; the next to ask tries again */
  async current(): Promise<OnnxSession> {
    if (!this.#session.alive) this.#session = await this.#start()
    return this.#session
  }

  close(): Promise<void> {
    return this.#session.close()
  }
}
