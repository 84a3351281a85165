import { bootstrapMean, type BootstrapOptions, type Interval } from './bootstrap.js'
import { namedScores, type RankingScores } from './ranking-scores.js'

/**
 * Bootstrap intervals of each mean score, named `recall@1`, `rPrecision`, `mapAtR`.
 *
 * @param classes of the queries, in the order of the scores
 * @throws KindredError INVALID_ARGUMENT where there is no score
 */
export function scoreIntervals(
  perQuery: RankingScores,
  classes: readonly string[],
  options: BootstrapOptions,
): Record<string, Pick<Interval, 'low' | 'high'>> {
  return Object.fromEntries(
    namedScores(perQuery).map(([name, scores]) => {
      const { low, high } = bootstrapMean({ scores, classes }, options)
      return [name, { low, high }]
    }),
  )
}
