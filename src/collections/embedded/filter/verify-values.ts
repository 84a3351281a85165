import type { Metadata } from '../../item.js'
import { readFields } from '../collection-record.js'
import type { Database } from '../versioned-database.js'
import { valuesOf, type StoredValue } from './stored-value.js'

/** Holds the index of values against the items. @returns what is wrong, in words */
export function verifyValues(database: Database): string[] {
  const count = (query: string): number => Number(database.prepare(query).pluck().get())
  // Made when the collection is next opened for writing.
  if (count(`SELECT count(*) FROM sqlite_schema WHERE name = 'item_values'`) === 0) return []
  const fields = readFields(database)
  const has = database.prepare<[string, StoredValue, number]>(
    'SELECT 1 FROM item_values WHERE field = ? AND value = ? AND item = ?',
  )
  const items = database.prepare<[], { number: number; metadata: string }>(
    'SELECT number, metadata FROM items',
  )
  let expected = 0
  let missing = 0
  for (const { number, metadata } of items.iterate()) {
    for (const { field, value } of valuesOf(JSON.parse(metadata) as Metadata, fields)) {
      expected++
      if (has.get(field, value, number) === undefined) missing++
    }
  }
  const extra = count('SELECT count(*) FROM item_values') - (expected - missing)
  return missing === 0 && extra === 0
    ? []
    : [`the index of metadata lacks ${missing} values and has ${extra} too many`]
}
