import { broadestSearch } from '../../collection-spec.js'
import type { FieldType } from '../../collection.js'
import type { Hit, HitGroup } from '../../collection-store.js'
import { cursorGone, type SearchPosition } from '../../search-cursor.js'
import type { FoundItems, NearestQuery, Refinement } from '../collection-calls.js'
import type { EmbeddingIndex } from '../embedding-index.js'
import type { MatchingItems } from '../filter/matching-items.js'
import type { ItemRows } from '../item-rows.js'
import type { Database } from '../versioned-database.js'
import { groupsByField, groupsByName, type ItemGroups } from './item-groups.js'
import { nearestGroups } from './nearest-groups.js'
import { nearestItems } from './nearest-items.js'
import type { RankedItem } from './rank-items.js'
import { refine } from './refine.js'
import type { Result, ResultPage, SearchTask } from './search-task.js'

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
    const { position, filter, excludeIds = [], refinement } = query
    if (position !== undefined && position.generation !== generation) throw cursorGone()
    const matches = filter === undefined ? null : this.#matching.of(filter, fields, generation)
    const excluded = new Set(excludeIds.flatMap((id) => this.#rows.find(id)?.number ?? []))
    const answered = position?.answered ?? []
    const task: SearchTask = { query, index, ef: query.ef ?? ef, matches, left: excluded, answered }
    const groups = this.#groupsOf(query, fields)
    const { found, more, plan } =
      refinement === undefined
        ? this.#nearest(task, groups, query.k)
        : this.#refined(task, groups, refinement)

    const matching = matches === null ? state.items : matches.items.size
    const counted = [...excluded].filter((number) => matches === null || matches.items.has(number))
    return {
      hits: found.map(({ best, collapsed }) => ({
        ...this.#toHit(task, best),
        ...(collapsed !== undefined && { collapsed }),
      })),
      groups: groups && found.map((result) => this.#toGroup(task, groups, result)),
      total: matching - counted.length,
      plan,
      exact: plan === 'scan' || plan === 'filtered-scan',
      next: more ? nextPosition(generation, answered, found) : null,
    }
  }

  /** The nearest results that the pages before did not answer with. */
  #nearest(task: SearchTask, groups: ItemGroups | null, k: number): ResultPage {
    if (groups !== null) return nearestGroups(task, this.#rows, groups, k, task.query.groups?.size ?? 1)
    return nearestItems({ ...task, left: new Set([...task.left, ...task.answered]) }, this.#rows, k)
  }

  /** What is made of the nearest results: of the same for every page, so that each goes on where the one before ended. */
  #refined(task: SearchTask, groups: ItemGroups | null, refinement: Refinement): ResultPage {
    const { query, index, answered } = task
    const { found, plan } = this.#nearest({ ...task, answered: [] }, groups, refinement.candidates)
    const list = found.map((result) => {
      const { score, label } = result.best
      return { result, score, embedding: index.table.row(label) }
    })
    const keyOf = (number: number) => groups?.keyOf(number).key ?? number
    const before = new Set(answered.map(keyOf))
    const page: Result[] = []
    for (const { member, collapsed } of refine(query.embedding, list, refinement)) {
      if (before.has(keyOf(member.result.best.number))) continue
      if (page.push({ ...member.result, ...(collapsed !== undefined && { collapsed }) }) > query.k) break
    }
    return { found: page.slice(0, query.k), more: page.length > query.k, plan }
  }

  #groupsOf({ groups }: NearestQuery, fields: SearchedState['fields']): ItemGroups | null {
    if (groups === undefined) return null
    return groups.by === 'group'
      ? groupsByName(this.#database)
      : groupsByField(this.#database, groups.by, fields.get(groups.by))
  }

  #toGroup(task: SearchTask, groups: ItemGroups, { best, items }: Result): HitGroup {
    return { group: groups.keyOf(best.number).value, items: items.map((item) => this.#toHit(task, item)) }
  }

  #toHit({ query, index }: SearchTask, { id, score, label }: RankedItem): Hit {
    const found = this.#rows.find(id)
    if (found === null) throw new Error(`The item ${id} was found and is not there`)
    const { group, metadata } = found.item
    return {
      id,
      score,
      group,
      metadata,
      ...(query.withEmbeddings && { embedding: index.table.row(label).slice() }),
    }
  }
}

/** @returns null where the pages so far are as many as a search may answer */
function nextPosition(
  generation: string,
  answered: readonly number[],
  last: readonly Result[],
): SearchPosition | null {
  const numbers = [...answered, ...last.map(({ best }) => best.number)]
  if (numbers.length >= broadestSearch) return null
  return { generation, answered: numbers }
}
