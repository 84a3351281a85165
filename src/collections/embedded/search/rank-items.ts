import { compareCodePoints } from '../../code-point-order.js'
import type { Candidate } from '../embedding-table.js'
import type { LabelledItem } from '../item-rows.js'

/** An item and how near it is. */
export interface RankedItem extends LabelledItem {
  /** Cosine similarity, -1 to 1. */
  readonly score: number
}

/**
 * From embeddings to items, best first, ties by id. Items that share an embedding tie, and so do different embeddings with
 * the same score.
 *
 * @param candidates best first
 * @param itemsOf the items of a label that may be answered, in code point order of their ids
 */
export function* rankItems(
  candidates: readonly Candidate[],
  itemsOf: (label: number) => Iterable<LabelledItem>,
): Generator<RankedItem> {
  for (let start = 0; start < candidates.length;) {
    const score = candidates[start]?.score ?? 0
    const tied: number[] = []
    for (; candidates[start]?.score === score; start++) tied.push(candidates[start]?.label ?? 0)
    const [first, ...others] = tied
    if (first === undefined) return
    // One label's items come in order, so that only as many are read as are asked for.
    const items =
      others.length === 0 ? itemsOf(first) : tied.flatMap((label) => [...itemsOf(label)]).sort(byId)
    for (const item of items) yield { ...item, score }
  }
}

const byId = (a: LabelledItem, b: LabelledItem): number => compareCodePoints(a.id, b.id)
