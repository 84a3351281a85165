import type { PairCosines } from './pair-cosines.js'

/** A member of the list that stays, and how many it stands for. */
export interface Survivor {
  /** Position in the list. */
  readonly at: number
  /** Members left out in its favour. */
  readonly collapsed: number
}

/**
 * Makes one of near-duplicates: from the best down, a member whose cosine to a better one that stays is above the threshold
 * is left out, and counts for the best of those.
 *
 * @param size members of the list, best first
 * @returns those that stay, in the order of the list
 */
export function collapse(size: number, cosines: PairCosines, threshold: number): Survivor[] {
  const survivors: { at: number; collapsed: number }[] = []
  for (let at = 0; at < size; at++) {
    const better = survivors.find((survivor) => cosines.of(survivor.at, at) > threshold)
    if (better === undefined) survivors.push({ at, collapsed: 0 })
    else better.collapsed++
  }
  return survivors
}
