import type { RequestHandler } from 'express'
import { KindredError } from '../errors.js'

/** Whether the server still takes new work. */
export class Lifecycle {
  #stopping = false

  get stopping(): boolean {
    return this.#stopping
  }

  stop(): void {
    this.#stopping = true
  }
}

/** Refuses what comes in over connections that were open when the server was told to stop; health is still told. */
export function refuseWhenStopping(lifecycle: Lifecycle): RequestHandler {
  return (req, res, next) => {
    if (!lifecycle.stopping) {
      next()
      return
    }
    res.setHeader('Connection', 'close')
    if (req.path.startsWith('/health/')) next()
    else next(stoppingError())
  }
}

export const stoppingError = (): KindredError =>
  new KindredError('SHUTTING_DOWN', 'The server finishes what it accepted and takes nothing new')
