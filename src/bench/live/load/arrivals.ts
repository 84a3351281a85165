import { createRandom } from '../../../datasets/random.js'

export const arrivalKinds = ['constant', 'poisson'] as const
export type Arrivals = (typeof arrivalKinds)[number]

/**
 * When requests are due, in milliseconds from the start, in rising order: evenly, or as independent users come (a Poisson
 * process, whose gaps are exponential, that before the first included).
 *
 * @param rate requests a second
 */
export function* arrivalTimes(
  kind: Arrivals,
  { rate, seconds, seed }: { readonly rate: number; readonly seconds: number; readonly seed: number },
): Generator<number> {
  const random = createRandom(seed)
  const due = (n: number, before: number): number =>
    // Counted anew each time: added up, small errors would become late arrivals.
    kind === 'constant' ? (1000 * n) / rate : before - (1000 * Math.log(1 - random())) / rate
  for (let n = 0, at = due(0, 0); at < seconds * 1000; at = due(++n, at)) yield at
}
