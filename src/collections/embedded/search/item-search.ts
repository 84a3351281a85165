import { broadestSearch } from '../../collection-spec.js'
import type { FieldType, Hit, HitGroup, SearchPlan } from '../../collection-store.js'
import { compareCodePoints } from '../../code-point-order.js'
import { cursorGone, type SearchPosition } from '../../search-cursor.js'
import type { FoundItems, NearestQuery } from '../collection-calls.js'
import type { EmbeddingIndex } from '../embedding-index.js'
import type { Matches, MatchingItems } from '../filter/matching-items.js'
import type { ItemRows, LabelledItem } from '../item-rows.js'
import type { Database } from '../versioned-database.js'
import { groupsByField, groupsByName, type ItemGroups } from './item-groups.js'
import { rankItems, type RankedItem } from './rank-items.js'

/** The state of a collection that a search sees. */
export interface SearchedState {
  readonly index: EmbeddingIndex
  readonly fields: ReadonlyMap<string, FieldType>
  /** Names the state of the items. */
  readonly generation: string
  readonly items: number
  /** Default breadth of a walk. */
  readonly ef: number
}

/** One search: what it may answer with, and how it looks for it. */
interface Task {
  readonly query: NearestQuery
  readonly index: EmbeddingIndex
  readonly ef: number
  readonly matches: Matches | null
  /** Numbers of items that must not be answered (again). */
  readonly left: ReadonlySet<number>
  /** Numbers of the items that the pages before answered with. */
  readonly answered: readonly number[]
}

interface Page<T> {
  readonly found: readonly T[]
  /** Whether there is another. */
  readonly more: boolean
  readonly plan: SearchPlan
}

/** Candidates of a search by groups are so many times the groups asked for, and again where they were too few. */
const groupFactor = 4

/** Answers searches: from filter and cursor to embeddings, from embeddings to items and groups. */
export class ItemSearch {
  readonly #database: Database
  readonly #rows: ItemRows
  readonly #matching: MatchingItems

  constructor(database: Database, rows: ItemRows, matching: MatchingItems) {
    this.#database = database
    this.#rows = rows
    this.#matching = matching
  }

  /** @throws KindredError INVALID_FILTER; CURSOR_GONE where the items have changed since the page before */
  answer(query: NearestQuery, state: SearchedState): FoundItems {
    const { generation, fields, index, ef } = state
    const { position, filter, groups, excludeId } = query
    if (position !== undefined && position.generation !== generation) throw cursorGone()
    const matches = filter === undefined ? null : this.#matching.of(filter, fields, generation)
    const excluded = excludeId === undefined ? null : this.#rows.find(excludeId)
    const answered = [...(position?.answered ?? [])]
    const left = new Set<number>()
    if (excluded !== null) left.add(excluded.number)
    if (groups === undefined) for (const number of answered) left.add(number)
    const task: Task = { query, index, ef: query.ef ?? ef, matches, left, answered }

    const matching = matches === null ? state.items : matches.items.size
    const counted = excluded !== null && (matches === null || matches.items.has(excluded.number))
    const rest = (plan: SearchPlan, more: boolean, last: readonly RankedItem[]) => ({
      total: counted ? matching - 1 : matching,
      plan,
      exact: plan === 'scan' || plan === 'filtered-scan',
      next: more ? nextPosition(generation, answered, last) : null,
    })
    if (groups === undefined) {
      const { found, more, plan } = this.#nearestItems(task)
      return { hits: found.map((item) => this.#toHit(item)), groups: null, ...rest(plan, more, found) }
    }
    const { by, size } = groups
    const grouping =
      by === 'group' ? groupsByName(this.#database) : groupsByField(this.#database, by, fields.get(by))
    const { found, more, plan } = this.#nearestGroups(task, grouping, size)
    const hitGroups = found.map(({ best, items }): HitGroup => {
      const { value } = grouping.keyOf(best.number)
      return { group: value, items: items.map((item) => this.#toHit(item)) }
    })
    const best = found.map((group) => group.best)
    return {
      hits: hitGroups.flatMap(({ items }) => items.slice(0, 1)),
      groups: hitGroups,
      ...rest(plan, more, best),
    }
  }

  #nearestItems(task: Task): Page<RankedItem> {
    const { k, minScore = -Infinity } = task.query
    // Whatever must be left out can take the place of one embedding each; one more tells whether there is another page.
    const { candidates, plan } = nearest(task, k + 1 + task.left.size, task.query.exact)
    const found: RankedItem[] = []
    for (const item of this.#rank(task, candidates)) {
      if (item.score < minScore || found.push(item) > k) break
    }
    return { found: found.slice(0, k), more: found.length > k, plan }
  }

  #nearestGroups(
    task: Task,
    groups: ItemGroups,
    size: number,
  ): Page<{ best: RankedItem; items: RankedItem[] }> {
    const { k, exact, minScore = -Infinity } = task.query
    const before = new Set(task.answered.map((number) => groups.keyOf(number).key))
    const all = task.matches === null ? task.index.table.size : task.matches.labels.size
    for (let want = groupFactor * (k + 1) + before.size, first = true; ; want *= groupFactor, first = false) {
      const { candidates, plan } = nearest(task, want, exact || !first)
      const found = new Map<string, RankedItem>()
      let ended = candidates.length >= all
      for (const item of this.#rank(task, candidates)) {
        ended ||= item.score < minScore
        if (item.score < minScore || found.size > k) break
        const { key } = groups.keyOf(item.number)
        if (!before.has(key) && !found.has(key)) found.set(key, item)
      }
      if (found.size <= k && !ended) continue
      const chosen = [...found.values()].slice(0, k).map((item) => this.#complete(task, groups, size, item))
      chosen.sort((a, b) => b.best.score - a.best.score || compareCodePoints(a.best.id, b.best.id))
      return { found: chosen, more: found.size > k, plan }
    }
  }

  /** The best items of a group, all of whose items are compared. */
  #complete(
    task: Task,
    groups: ItemGroups,
    size: number,
    item: RankedItem,
  ): { best: RankedItem; items: RankedItem[] } {
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

  #rank(task: Task, candidates: Parameters<typeof rankItems>[0]): Generator<RankedItem> {
    const rows = this.#rows
    return rankItems(candidates, function* (label) {
      for (const item of rows.itemsOf(label)) if (accepts(task, item)) yield item
    })
  }

  #toHit({ id, score }: RankedItem): Hit {
    const found = this.#rows.find(id)
    if (found === null) throw new Error(`The item ${id} was found and is not there`)
    const { group, metadata } = found.item
    return { id, score, group, metadata }
  }
}

const accepts = ({ left, matches }: Task, { number }: LabelledItem): boolean =>
  !left.has(number) && (matches === null || matches.items.has(number))

const nearest = ({ query, index, ef, matches }: Task, want: number, exact: boolean) =>
  index.nearest(query.embedding, want, { exact, ef, among: matches === null ? null : matches.labels })

/** @returns null where the pages so far are as many as a search may answer */
function nextPosition(
  generation: string,
  answered: readonly number[],
  last: readonly RankedItem[],
): SearchPosition | null {
  const numbers = [...answered, ...last.map(({ number }) => number)]
  if (numbers.length >= broadestSearch) return null
  return { generation, answered: numbers }
}
