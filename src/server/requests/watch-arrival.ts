import type { IncomingMessage } from 'node:http'
import { KindredError } from '../../errors.js'

export interface ArrivalLimits {
  /** How long nothing may come. */
  readonly idleSeconds: number
  /** How long all of it may take; no end where absent. */
  readonly seconds?: number
}

/** Watches that a body keeps coming in while it is read. */
export interface ArrivalWatch {
  /** Never resolves. Rejects with REQUEST_TIMEOUT when the body is silent, or not there in time. */
  readonly late: Promise<never>
  stop(): void
}

/**
 * Begins to watch. A client that sends a few bytes and then nothing would otherwise hold its place among the requests for as
 * long as the largest body may take.
 */
export function watchArrival(req: IncomingMessage, { idleSeconds, seconds }: ArrivalLimits): ArrivalWatch {
  let fail: (error: KindredError) => void = () => undefined
  const late = new Promise<never>((_resolve, reject) => {
    fail = reject
  })
  // Whoever reads may be done before.
  late.catch(() => undefined)
  let { bytesRead } = req.socket
  let heardAt = performance.now()
  const listening = setInterval(() => {
    // What is there and not taken yet waits for this server, not for the client.
    const heard = req.socket.bytesRead !== bytesRead || req.readableLength > 0 || req.complete
    if (heard) {
      bytesRead = req.socket.bytesRead
      heardAt = performance.now()
    } else if (performance.now() - heardAt >= 1000 * idleSeconds) {
      fail(new KindredError('REQUEST_TIMEOUT', `Nothing of the body arrived for ${idleSeconds} s`))
    }
  }, 250 * idleSeconds)
  const end =
    seconds === undefined
      ? undefined
      : setTimeout(() => {
          fail(new KindredError('REQUEST_TIMEOUT', `The body did not arrive within ${seconds} s`))
        }, 1000 * seconds)
  return {
    late,
    stop() {
      clearInterval(listening)
      clearTimeout(end)
    },
  }
}

/** Reads a body under watch. @throws KindredError REQUEST_TIMEOUT; what comes afterwards is not read */
export async function whileItArrives<T>(
  req: IncomingMessage,
  limits: ArrivalLimits,
  read: () => Promise<T>,
): Promise<T> {
  const watch = watchArrival(req, limits)
  try {
    return await Promise.race([read(), watch.late])
  } finally {
    watch.stop()
  }
}
