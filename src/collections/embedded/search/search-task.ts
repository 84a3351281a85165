import type { NearestQuery } from '../collection-calls.js'
import type { EmbeddingIndex, Nearest } from '../embedding-index.js'
import type { SearchPlan } from '../../collection-store.js'
import type { Matches } from '../filter/matching-items.js'
import type { LabelledItem } from '../item-rows.js'
import type { RankedItem } from './rank-items.js'

/** One search: what it may answer with, and how it looks for it. */
export interface SearchTask {
  readonly query: NearestQuery
  readonly index: EmbeddingIndex
  readonly ef: number
  readonly matches: Matches | null
  /** Numbers of items that must not be answered (again). */
  readonly left: ReadonlySet<number>
  /** Numbers of the items that the pages before answered with. */
  readonly answered: readonly number[]
}

/** An item, or a group with its best items. */
export interface Result {
  readonly best: RankedItem
  /** Best first, the best among them. */
  readonly items: readonly RankedItem[]
  /** See SearchQuery.collapse. */
  readonly collapsed?: number
}

/** Results, best first. */
export interface ResultPage {
  readonly found: readonly Result[]
  /** Whether there is another. */
  readonly more: boolean
  readonly plan: SearchPlan
}

export const accepts = ({ left, matches }: SearchTask, { number }: LabelledItem): boolean =>
  !left.has(number) && (matches === null || matches.items.has(number))

export const nearest = ({ query, index, ef, matches }: SearchTask, want: number, exact: boolean): Nearest =>
  index.nearest(query.embedding, want, { exact, ef, among: matches === null ? null : matches.labels })
