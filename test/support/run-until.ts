/** How far a run came. */
export interface Progress {
  readonly done: number
  readonly asked: number
  readonly seconds: number
}

/**
 * Does pieces of work, some at a time, until all are done or the time is over; the first that throws ends it.
 *
 * @param work the next piece, and the how-manieth it is
 * @param onDone after each, with how many are done
 */
export async function runUntil(
  { pieces, atOnce, minutes }: { readonly pieces: number; readonly atOnce: number; readonly minutes: number },
  work: (at: number) => Promise<void>,
  onDone: (done: number) => void,
): Promise<Progress> {
  const began = performance.now()
  const deadline = began + minutes * 60_000
  let next = 0
  let done = 0
  let failed = false
  const lane = async (): Promise<void> => {
    while (next < pieces && performance.now() < deadline && !failed) {
      try {
        await work(next++)
      } catch (thrown) {
        failed = true
        throw thrown
      }
      onDone(++done)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return { done, asked: pieces, seconds: (performance.now() - began) / 1000 }
}
