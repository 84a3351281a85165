import type { FieldType } from '../../collection.js'
import type { FilterNode } from '../../filter/filter.js'
import type { Database } from '../versioned-database.js'
import { BitSet } from './bit-set.js'
import { compileFilter } from './compile-filter.js'

/** What of a collection matches a filter. Items may share embeddings, so there can be fewer of these. */
export interface Matches {
  /** Numbers of the items. */
  readonly items: BitSet
  /** Labels of their embeddings. */
  readonly labels: BitSet
}

/** Sets kept at most: a set is two bits an item of the collection, about. */
const mostKept = 64

/**
 * Finds what matches a filter, and keeps the answers for filters asked again. A kept answer holds for one state of the
 * items.
 */
export class MatchingItems {
  readonly #database: Database
  readonly #kept = new Map<string, Matches>()
  #generation = ''

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * @param generation names the state of the items
   * @throws KindredError INVALID_FILTER (see compileFilter)
   */
  of(filter: FilterNode, fields: ReadonlyMap<string, FieldType>, generation: string): Matches {
    if (generation !== this.#generation) this.#kept.clear()
    this.#generation = generation
    const key = JSON.stringify(filter)
    const matches = this.#kept.get(key) ?? this.#find(filter, fields)
    // The last to be forgotten.
    this.#kept.delete(key)
    this.#kept.set(key, matches)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break
      this.#kept.delete(oldest)
    }
    return matches
  }

  /** Forgets what was found: labels have changed. */
  clear(): void {
    this.#kept.clear()
  }

  #find(filter: FilterNode, fields: ReadonlyMap<string, FieldType>): Matches {
    const { sql, parameters } = compileFilter(filter, fields)
    const rows = this.#database
      .prepare<(string | number)[], [number, number]>(`SELECT number, label FROM items WHERE ${sql}`)
      .raw()
    const items = new BitSet()
    const labels = new BitSet()
    for (const [number, label] of rows.iterate(...parameters)) {
      items.add(number)
      labels.add(label)
    }
    return { items, labels }
  }
}
