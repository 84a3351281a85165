import type { Metadata } from '../../item.js'
import { readFields } from '../collection-record.js'
import type { Database } from '../versioned-database.js'
import { ItemValues } from './item-values.js'

/** Fills the index of values from the items of a collection that was made before there was one. */
export function fillItemValues(database: Database): void {
  const values = new ItemValues(database)
  const fields = readFields(database)
  const page = database.prepare<[number], { number: number; metadata: string }>(
    'SELECT number, metadata FROM items WHERE number > ? ORDER BY number LIMIT 1000',
  )
  // Page by page: SQLite must not write while a statement of the same connection is being read.
  for (let rows = page.all(0); rows.length > 0; rows = page.all(rows.at(-1)?.number ?? Infinity)) {
    for (const { number, metadata } of rows) {
      values.change(number, {}, JSON.parse(metadata) as Metadata, fields)
    }
  }
}
