import { KindredError } from '../errors.js'

/**
 * Runs `work` with a signal that the first Ctrl-C (or SIGTERM) sets off, so that it can stop cleanly; the second one
 * ends the process at once.
 *
 * @throws KindredError INTERRUPTED where the work ended with the signal's reason: it had nothing to keep yet
 */
export async function untilInterrupted<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ result: T; interrupted: boolean }> {
  const abort = new AbortController()
  const stop = (): void => {
    if (abort.signal.aborted) process.exit(130)
    process.stderr.write('\nstopping after what is under way; press Ctrl-C again to stop at once\n')
    abort.abort()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  try {
    return { result: await work(abort.signal), interrupted: abort.signal.aborted }
  } catch (thrown) {
    if (thrown !== abort.signal.reason || !abort.signal.aborted) throw thrown
    throw new KindredError('INTERRUPTED', 'Stopped before anything was written', { cause: thrown })
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}
