import type { FieldType } from '../../collection.js'
import type { Metadata } from '../../item.js'
import type { Database } from '../versioned-database.js'
import { valuesOf, type StoredValue } from './stored-value.js'

interface Row {
  readonly field: string
  readonly value: StoredValue
}

/**
 * The index of metadata values, one row for each item, field and value. Whoever changes an item's metadata tells it here, in
 * the same transaction.
 */
export class ItemValues {
  readonly #add
  readonly #remove

  constructor(database: Database) {
    this.#add = database.prepare<[string, StoredValue, number]>('INSERT INTO item_values VALUES (?, ?, ?)')
    this.#remove = database.prepare<[string, StoredValue, number]>(
      'DELETE FROM item_values WHERE field = ? AND value = ? AND item = ?',
    )
  }

  /**
   * @param item the item's number
   * @param before its metadata so far; empty for a new one
   * @param after empty for one that goes
   * @param fields the types of all fields of both
   */
  change(item: number, before: Metadata, after: Metadata, fields: ReadonlyMap<string, FieldType>): void {
    const [old, wanted] = [byKey(valuesOf(before, fields)), byKey(valuesOf(after, fields))]
    for (const [key, { field, value }] of old) if (!wanted.has(key)) this.#remove.run(field, value, item)
    for (const [key, { field, value }] of wanted) if (!old.has(key)) this.#add.run(field, value, item)
  }
}

const byKey = (rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [JSON.stringify([row.field, keyOf(row.value)]), row]))

/** Within a field all values are of one type; an empty array's is the only Buffer. */
const keyOf = (value: StoredValue): string | number | null => (typeof value === 'object' ? null : value)
