import type { ItemRows } from '../item-rows.js'
import { rankItems, type RankedItem } from './rank-items.js'
import { accepts, nearest, type ResultPage, type SearchTask } from './search-task.js'

/** The `k` items nearest to the query. */
export function nearestItems(task: SearchTask, rows: ItemRows, k: number): ResultPage {
  const { exact, minScore = -Infinity } = task.query
  // Whatever must be left out can take the place of one embedding each; one more tells whether there is another page.
  const { candidates, plan } = nearest(task, k + 1 + task.left.size, exact)
  const found: RankedItem[] = []
  for (const item of rankAccepted(task, rows, candidates)) {
    if (item.score < minScore || found.push(item) > k) break
  }
  return {
    found: found.slice(0, k).map((best) => ({ best, items: [best] })),
    more: found.length > k,
    plan,
  }
}

/** The items of these embeddings that may be answered, best first. */
export const rankAccepted = (
  task: SearchTask,
  rows: ItemRows,
  candidates: Parameters<typeof rankItems>[0],
): Generator<RankedItem> =>
  rankItems(candidates, function* (label) {
    for (const item of rows.itemsOf(label)) if (accepts(task, item)) yield item
  })
