import { setTimeout as sleep } from 'node:timers/promises'
import { orAborted } from '../../../or-aborted.js'

/** Sends one request; `due` by `performance.now()`. */
export type SendOne<T> = (index: number, due: number) => Promise<T>

/**
 * Open loop: sends each request when it is due, whatever became of those before. An abort ends it at once; what was sent is left.
 *
 * @param times milliseconds from `started`, rising
 * @returns answers in the order of the requests
 */
export async function openLoop<T>(
  times: Iterable<number>,
  sendOne: SendOne<T>,
  options: { readonly started?: number; readonly signal?: AbortSignal } = {},
): Promise<T[]> {
  const { started = performance.now(), signal } = options
  const answers: Promise<T>[] = []
  for (const time of times) {
    signal?.throwIfAborted()
    const due = started + time
    // Timers are coarser than a millisecond, so those that are due are sent together.
    if (due > performance.now()) await orAborted(sleep(due - performance.now()), signal)
    answers.push(sendOne(answers.length, due))
  }
  return orAborted(Promise.all(answers), signal)
}

/**
 * Closed loop: so many clients, each of which sends its next request when the one before is answered.
 *
 * @returns answers as they came
 */
export async function closedLoop<T>(
  clients: number,
  seconds: number,
  sendOne: SendOne<T>,
  signal?: AbortSignal,
): Promise<T[]> {
  const started = performance.now()
  const answers: T[] = []
  let next = 0
  const client = async (): Promise<void> => {
    while (performance.now() - started < seconds * 1000) {
      signal?.throwIfAborted()
      answers.push(await sendOne(next++, performance.now()))
    }
  }
  await orAborted(Promise.all(Array.from({ length: clients }, client)), signal)
  return answers
}
