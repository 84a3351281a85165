import type { ReliabilityBin } from '../../bundles/calibration.js'
import type { ScoredPair } from './scored-pair.js'

const bins = 10

/**
 * What was predicted beside what came true (DeGroot and Fienberg, 1983), in ten bins of predicted probability; those
 * without a pair are left out.
 */
export function reliabilityTable(
  pairs: readonly ScoredPair[],
  probability: (score: number) => number,
): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ pairs: 0, predicted: 0, same: 0 }))
  for (const { score, same } of pairs) {
    const predicted = probability(score)
    const bin = sums[Math.min(bins - 1, Math.floor(predicted * bins))]
    if (bin === undefined) continue
    bin.pairs++
    bin.predicted += predicted
    if (same) bin.same++
  }
  return sums.flatMap((bin, index) =>
    bin.pairs === 0
      ? []
      : [
          {
            from: index / bins,
            to: (index + 1) / bins,
            pairs: bin.pairs,
            predicted: bin.predicted / bin.pairs,
            observed: bin.same / bin.pairs,
          },
        ],
  )
}
