import { KindredError } from '../../errors.js'
import { orAborted } from '../../or-aborted.js'
import type { RequestContext } from '../requests/request-context.js'

/**
 * Waits for an answer as long as the client does, and no longer than it may take. At either end the request's signal is
 * aborted, so that what is done for it stops as soon as it can.
 *
 * @throws KindredError DEADLINE_EXCEEDED; the signal's reason when the client has left
 */
export async function answerInTime<T>(
  { signal, abort }: RequestContext,
  seconds: number,
  answer: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const timer = setTimeout(() => {
    abort(new KindredError('DEADLINE_EXCEEDED', `The request was not answered within ${seconds} seconds`))
  }, seconds * 1000)
  try {
    return await orAborted(answer(), signal)
  } finally {
    clearTimeout(timer)
  }
}
