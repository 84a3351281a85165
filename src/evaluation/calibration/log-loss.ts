import type { ScoredPair } from './scored-pair.js'

/** A steep curve rounds to 0 or 1 far from where it was fitted; one such pair must not outweigh all others. */
const surest = 1e-12

/** Mean negative log likelihood of the pairs, in nats. @param probability of `same`, by score */
export function logLoss(pairs: readonly ScoredPair[], probability: (score: number) => number): number {
  const sum = pairs.reduce((total, { score, same }) => {
    const p = probability(score)
    return total - Math.log(Math.max(surest, same ? p : 1 - p))
  }, 0)
  return sum / pairs.length
}
