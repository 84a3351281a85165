import type { CalibrationCurve } from '../../bundles/calibration.js'
import type { ScoredPair } from './scored-pair.js'

interface Block {
  readonly low: number
  readonly high: number
  readonly pairs: number
  readonly same: number
}

/**
 * Isotonic regression of `same` on the score by pooling adjacent violators (Barlow et al., Statistical Inference under
 * Order Restrictions, 1972; for probabilities Zadrozny and Elkan, KDD 2002).
 *
 * One imagined pair of one class joins the lowest score and one of two classes the highest, so that no probability is
 * 0 or 1: what was never seen in n pairs may be in the next.
 *
 * @param pairs at least one
 */
export function fitIsotonic(pairs: readonly ScoredPair[]): CalibrationCurve {
  const blocks: Block[] = []
  for (const block of groupByScore(pairs)) {
    let pooled = block
    for (let last = blocks.at(-1); last !== undefined && share(last) >= share(pooled); last = blocks.at(-1)) {
      pooled = pool(last, pooled)
      blocks.pop()
    }
    blocks.push(pooled)
  }
  const knots = blocks.flatMap((block): [number, number][] =>
    block.low === block.high
      ? [[block.low, share(block)]]
      : [
          [block.low, share(block)],
          [block.high, share(block)],
        ],
  )
  return { method: 'isotonic', knots }
}

/** Pairs of equal score are one block, in rising order; with the imagined pairs at both ends. */
function groupByScore(pairs: readonly ScoredPair[]): Block[] {
  const sorted = [...pairs].sort((a, b) => a.score - b.score)
  const lowest = sorted[0]?.score ?? NaN
  const highest = sorted.at(-1)?.score ?? NaN
  const all = [{ score: lowest, same: true }, ...sorted, { score: highest, same: false }]
  const blocks: Block[] = []
  for (const { score, same } of all) {
    const block = { low: score, high: score, pairs: 1, same: same ? 1 : 0 }
    const last = blocks.at(-1)
    if (last?.high === score) blocks[blocks.length - 1] = pool(last, block)
    else blocks.push(block)
  }
  return blocks
}

const share = ({ pairs, same }: Block): number => same / pairs

const pool = (lower: Block, upper: Block): Block => ({
  low: lower.low,
  high: upper.high,
  pairs: lower.pairs + upper.pairs,
  same: lower.same + upper.same,
})
