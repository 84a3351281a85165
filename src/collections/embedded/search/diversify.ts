import type { PairCosines } from './pair-cosines.js'

/** A member of a list and how well it answers the query. */
export interface Ranked {
  /** Position in the list. */
  readonly at: number
  readonly relevance: number
}

/**
 * Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): each time the member with the most of
 * (1 - diversity) * relevance - diversity * (its largest cosine to those chosen before); of equals the one that ranked
 * first. Chooses as it is asked.
 *
 * @param ranking best first
 * @param diversity 0 (the ranking as it is) to 1 (the first, then what is least like anything chosen)
 */
export function* diversify<T extends Ranked>(
  ranking: readonly T[],
  cosines: PairCosines,
  diversity: number,
): Generator<T> {
  const left = ranking.map((member) => ({ member, likeness: -Infinity }))
  for (let chosen: T | undefined; left.length > 0;) {
    let best = 0
    let most = -Infinity
    for (const [place, one] of left.entries()) {
      if (chosen !== undefined) one.likeness = Math.max(one.likeness, cosines.of(chosen.at, one.member.at))
      const redundancy = chosen === undefined ? 0 : one.likeness
      const worth = (1 - diversity) * one.member.relevance - diversity * redundancy
      if (worth > most) [best, most] = [place, worth]
    }
    chosen = left.splice(best, 1)[0]?.member
    if (chosen !== undefined) yield chosen
  }
}
