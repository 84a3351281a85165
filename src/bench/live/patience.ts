import { setTimeout as sleep } from 'node:timers/promises'
import { KindredError, type ErrorCode } from '../../errors.js'

/** The server will take the request later. */
const refusals: readonly ErrorCode[] = ['RATE_LIMITED', 'OVERLOADED', 'EMBEDDER_BUSY', 'DEADLINE_EXCEEDED']

/** Doubled after each refusal: together longer than the minute in which a server counts requests. */
const firstWaitMs = 1000
const mostWaits = 7

/**
 * Asks again where the server is too busy at the moment: quality does not depend on when a query was answered.
 *
 * @throws whatever `ask` throws for another reason, or still after about two minutes
 */
export async function patiently<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let waits = 0; ; waits++) {
    try {
      return await ask()
    } catch (thrown) {
      const refused = thrown instanceof KindredError && refusals.includes(thrown.code)
      if (!refused || waits >= mostWaits) throw thrown
      await sleep(firstWaitMs * 2 ** waits, undefined, signal && { signal }).catch(() => {
        signal?.throwIfAborted()
      })
    }
  }
}
