import type { FieldType } from '../../collection.js'
import type { Metadata } from '../../item.js'
import type { Scalar } from '../../filter/filter.js'
import { instantKey } from './instant-key.js'

/** A metadata value as the index of values holds it: of one SQLite type in each field, since a field has one type. */
export type StoredValue = string | number | Buffer

/** Stands for an empty array, so that the field exists. SQLite sorts it after every number and every text. */
const emptyArray = Buffer.alloc(0)

/** @returns null where the value is not of the type: nothing is converted */
export function storedValue(value: Scalar, type: FieldType): string | number | null {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : null
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : null
    case 'date':
      return typeof value === 'string' ? instantKey(value) : null
  }
}

/** Every value of an item's metadata once, by field. A null stands for no field at all. */
export function valuesOf(
  metadata: Metadata,
  fields: ReadonlyMap<string, FieldType>,
): { field: string; value: StoredValue }[] {
  return Object.entries(metadata).flatMap(([field, value]) => {
    if (value === null) return []
    if (typeof value !== 'object') return stored(field, [value], fields)
    return value.length === 0 ? [{ field, value: emptyArray }] : stored(field, value, fields)
  })
}

function stored(
  field: string,
  elements: readonly Scalar[],
  fields: ReadonlyMap<string, FieldType>,
): { field: string; value: StoredValue }[] {
  const type = fields.get(field)
  if (type === undefined) throw new Error(`The type of the field ${field} was not settled`)
  const distinct = new Set(elements.map((element) => storedValue(element, type)))
  return [...distinct].map((value) => {
    if (value === null) throw new Error(`A value of the field ${field} is no ${type}`)
    return { field, value }
  })
}
