import type { FieldType } from '../../collection.js'
import type { Facets } from '../../collection-store.js'
import type { Scalar } from '../../filter/filter.js'
import type { Database } from '../versioned-database.js'
import type { Condition } from './compile-filter.js'
import { dateOfKey } from './instant-key.js'

interface Counted {
  readonly value: string | number
  readonly count: number
}

/**
 * Counts the items that have each value of a field, the most frequent first, ties in the order of the values.
 *
 * @param type of the field; undefined where no item ever had it
 * @param condition on the items that count
 */
export function countValues(
  database: Database,
  options: { field: string; type: FieldType | undefined; condition: Condition; limit: number },
): Facets {
  const { field, type, condition, limit } = options
  const { sql, parameters } = condition
  const total = Number(
    database
      .prepare(`SELECT count(*) FROM items WHERE ${sql}`)
      .pluck()
      .get(...parameters),
  )
  if (type === undefined) return { field, values: [], distinct: 0, total }
  // Without the mark of an empty array.
  const from = `FROM item_values WHERE field = ? AND value < x'' AND item IN (SELECT number FROM items WHERE ${sql})`
  const values = database
    .prepare<(string | number)[], Counted>(
      `SELECT value, count(*) AS count ${from} GROUP BY value ORDER BY count DESC, value LIMIT ?`,
    )
    .all(field, ...parameters, limit)
  const distinct = Number(
    database
      .prepare(`SELECT count(DISTINCT value) ${from}`)
      .pluck()
      .get(field, ...parameters),
  )
  return {
    field,
    values: values.map(({ value, count }) => ({ value: shown(value, type), count })),
    distinct,
    total,
  }
}

const shown = (value: string | number, type: FieldType): Scalar => {
  switch (type) {
    case 'string':
    case 'number':
      return value
    case 'boolean':
      return value === 1
    case 'date':
      return dateOfKey(String(value))
  }
}
