import { compareCodePoints } from '../code-point-order.js'
import type { Candidate } from './embedding-table.js'
import type { ItemRows } from './item-rows.js'

/**
 * From embeddings to items: the first `k` by score, ties by id. Items that share an embedding tie, and so do different
 * embeddings with the same score.
 *
 * @param candidates best first
 */
export function rankItems(
  candidates: readonly Candidate[],
  rows: ItemRows,
  k: number,
  excludeId: string | undefined,
): { id: string; score: number }[] {
  const ranked: { id: string; score: number }[] = []
  for (let start = 0; start < candidates.length && ranked.length < k;) {
    const score = candidates[start]?.score ?? 0
    const tied: string[] = []
    for (; candidates[start]?.score === score; start++) {
      const label = candidates[start]?.label
      // One more than can be answered: the excluded item may be among them.
      if (label !== undefined) tied.push(...rows.idsOf(label, k - ranked.length + 1))
    }
    const ids = tied.filter((id) => id !== excludeId).sort(compareCodePoints)
    ranked.push(...ids.slice(0, k - ranked.length).map((id) => ({ id, score })))
  }
  return ranked
}
