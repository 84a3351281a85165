import { createRandom } from '../../src/datasets/random.js'

/** What hostile requests are drawn with: the same seed draws the same ones. */
export interface Draw {
  /** [0, 1) */
  next(): number
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  pick<T>(choices: readonly T[]): T
  bytes(length: number): Buffer
}

export function createDraw(seed: number): Draw {
  const next = createRandom(seed)
  const below = (end: number): number => Math.floor(next() * end)
  return {
    next,
    below,
    pick<T>(choices: readonly T[]): T {
      if (choices.length === 0) throw new Error('There is nothing to pick from')
      return choices[below(choices.length)] as T
    },
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
  }
}
