import { compareCodePoints } from '../../code-point-order.js'
import type { ItemRows, LabelledItem } from '../item-rows.js'
import type { ItemGroups } from './item-groups.js'
import { rankAccepted } from './nearest-items.js'
import { rankItems, type RankedItem } from './rank-items.js'
import { accepts, nearest, type Result, type ResultPage, type SearchTask } from './search-task.js'

/** Candidates of a search by groups are so many times the groups asked for, and again where they were too few. */
const groupFactor = 4

/**
 * The `k` groups whose best item is nearest to the query.
 *
 * @param size items of each at most
 */
export function nearestGroups(
  task: SearchTask,
  rows: ItemRows,
  groups: ItemGroups,
  k: number,
  size: number,
): ResultPage {
  const { exact, minScore = -Infinity } = task.query
  const before = new Set(task.answered.map((number) => groups.keyOf(number).key))
  const all = task.matches === null ? task.index.table.size : task.matches.labels.size
  for (let want = groupFactor * (k + 1) + before.size, first = true; ; want *= groupFactor, first = false) {
    const { candidates, plan } = nearest(task, want, exact || !first)
    const found = new Map<string, RankedItem>()
    let ended = candidates.length >= all
    for (const item of rankAccepted(task, rows, candidates)) {
      ended ||= item.score < minScore
      if (item.score < minScore || found.size > k) break
      const { key } = groups.keyOf(item.number)
      if (!before.has(key) && !found.has(key)) found.set(key, item)
    }
    if (found.size <= k && !ended) continue
    const chosen = [...found.values()].slice(0, k).map((item) => complete(task, groups, size, item))
    chosen.sort((a, b) => b.best.score - a.best.score || compareCodePoints(a.best.id, b.best.id))
    return { found: chosen, more: found.size > k, plan }
  }
}

/** The best items of a group, all of whose items are compared. */
function complete(task: SearchTask, groups: ItemGroups, size: number, item: RankedItem): Result {
  if (groups.keyOf(item.number).value === null) return { best: item, items: [item] }
  const { embedding, minScore = -Infinity } = task.query
  const byLabel = new Map<number, LabelledItem[]>()
  for (const member of groups.membersOf(item.number)) {
    if (!accepts(task, member)) continue
    const sharing = byLabel.get(member.label)
    if (sharing === undefined) byLabel.set(member.label, [member])
    else sharing.push(member)
  }
  const candidates = task.index.table.nearestOf([...byLabel.keys()], embedding, size)
  const items: RankedItem[] = []
  for (const member of rankItems(candidates, (label) => byLabel.get(label) ?? [])) {
    if (member.score < minScore || items.push(member) === size) break
  }
  return { best: items[0] ?? item, items }
}
