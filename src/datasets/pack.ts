import { shuffle } from './random.js'

export interface Pack<T> {
  deal(count: number): T[]
}

/** Deals from a shuffled pack; when it runs out the next is shuffled, with those already in hand at its bottom. */
export function createPack<T>(values: readonly T[], random: () => number): Pack<T> {
  let pack: T[] = []
  const refill = (hand: readonly T[]): void => {
    const held = new Set(hand)
    const shuffled = shuffle(values, random)
    // Dealt from the end, so the bottom is the front.
    pack = [...shuffled.filter((value) => held.has(value)), ...shuffled.filter((value) => !held.has(value))]
  }
  return {
    deal(count) {
      const hand: T[] = []
      while (hand.length < count) {
        if (pack.length === 0) refill(hand)
        hand.push(...pack.splice(hand.length - count))
      }
      return hand
    },
  }
}
