import type { FieldType } from '../../collection.js'
import type { Metadata } from '../../item.js'
import type { Scalar } from '../../filter/filter.js'
import { storedValue } from '../filter/stored-value.js'
import type { LabelledItem } from '../item-rows.js'
import type { Database } from '../versioned-database.js'

/** What the items of one group have in common. */
export interface GroupKey {
  /** The same for all items of a group, and for no other. */
  readonly key: string
  /** As it is shown; null for an item without a group, which stands alone. */
  readonly value: Scalar | null
}

/** One way to group the items of a collection. */
export interface ItemGroups {
  /** @param number of an item of the collection */
  keyOf(number: number): GroupKey
  /** Every item of a group, in code point order of their ids. @param number of one of them, which has a group */
  membersOf(number: number): LabelledItem[]
}

/** Groups by the item's group. */
export function groupsByName(database: Database): ItemGroups {
  const group = database
    .prepare<[number], string | null>('SELECT "group" FROM items WHERE number = ?')
    .pluck()
  const members = database.prepare<[number], LabelledItem>(
    `SELECT number, id, label FROM items
     WHERE "group" = (SELECT "group" FROM items WHERE number = ?) ORDER BY id`,
  )
  return {
    keyOf: (number) => toKey(number, group.get(number) ?? null),
    membersOf: (number) => members.all(number),
  }
}

/** Groups by a metadata field. Of an array the first value counts, so that an item is in one group. */
export function groupsByField(database: Database, field: string, type: FieldType | undefined): ItemGroups {
  const metadata = database.prepare<[number], string>('SELECT metadata FROM items WHERE number = ?').pluck()
  const having = database.prepare<[string, string | number], LabelledItem>(
    `SELECT number, id, label FROM items
     WHERE number IN (SELECT item FROM item_values WHERE field = ? AND value = ?) ORDER BY id`,
  )
  const find = (number: number): { key: GroupKey; stored: string | number | null } => {
    const text = metadata.get(number)
    const values =
      text === undefined ? null : new Map(Object.entries(JSON.parse(text) as Metadata)).get(field)
    const value = typeof values === 'object' ? (values?.[0] ?? null) : (values ?? null)
    const stored = value === null || type === undefined ? null : storedValue(value, type)
    return { key: toKey(number, value, stored), stored }
  }
  return {
    keyOf: (number) => find(number).key,
    membersOf(number) {
      const { key, stored } = find(number)
      if (stored === null) return []
      return having.all(field, stored).filter((member) => find(member.number).key.key === key.key)
    },
  }
}

/** @param stored equal for values that are equal: dates of one instant */
const toKey = (number: number, value: Scalar | null, stored: Scalar | null = value): GroupKey => ({
  key: JSON.stringify(stored === null ? [number] : stored),
  value,
})
