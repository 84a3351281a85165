import { isCleanText } from '../datasets/item-id.js'
import { expected, KindredError } from '../errors.js'
import type { FieldType } from './collection.js'
import type { Metadata, MetadataValue } from './item.js'
import { isRfc3339 } from './rfc3339.js'

/** Most bytes of one item's metadata, as JSON. */
export const largestMetadataBytes = 64 * 1024
/** Most metadata fields a collection may have. */
export const mostFields = 1000
const longestFieldName = 128
const loneSurrogate = /\p{Surrogate}/u

/**
 * Checks the shape of metadata: an object of strings, finite numbers, booleans, nulls and arrays of one type.
 *
 * @param id the item that has it, for messages
 * @returns a copy, so that the caller may change its own
 * @throws KindredError INVALID_METADATA that names the field
 */
export function checkMetadata(metadata: Metadata, id: string): Metadata {
  const given: unknown = metadata
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw expected('an object', `metadata of item ${id}`, metadata, 'INVALID_METADATA')
  }
  const copy = Object.fromEntries(
    Object.entries(metadata).map(([field, value]) => {
      checkFieldName(field)
      checkValue(field, value, id)
      return [field, Array.isArray(value) ? [...(value as readonly (string | number | boolean)[])] : value]
    }),
  )
  const bytes = Buffer.byteLength(JSON.stringify(copy))
  if (bytes > largestMetadataBytes) {
    throw new KindredError(
      'INVALID_METADATA',
      `The metadata of item ${id} takes ${bytes} bytes as JSON; ${largestMetadataBytes} are allowed`,
    )
  }
  return copy
}

/** @throws KindredError INVALID_METADATA */
export function checkFieldName(field: string): void {
  if (field === '' || !isCleanText(field) || Buffer.byteLength(field) > longestFieldName) {
    throw expected(
      `1 to ${longestFieldName} bytes of UTF-8 without control characters`,
      'the name of a metadata field',
      field,
      'INVALID_METADATA',
    )
  }
}

function checkValue(field: string, value: unknown, id: string): void {
  const elements: unknown[] = Array.isArray(value) ? value : value === null ? [] : [value]
  for (const element of elements) {
    const fits =
      typeof element === 'boolean' ||
      (typeof element === 'number' && Number.isFinite(element)) ||
      (typeof element === 'string' && !loneSurrogate.test(element))
    if (!fits || typeof element !== typeof elements[0]) {
      const wanted =
        'a string of valid Unicode, a finite number, true, false, null or an array of one of these types'
      throw expected(wanted, `metadata field ${field} of item ${id}`, element, 'INVALID_METADATA')
    }
  }
}

/**
 * Holds metadata against the types of a collection's fields. A field without a type takes that of its first value; a
 * string is a date only where the field was declared so.
 *
 * @param fields types so far; types fixed here are added to it
 * @param id the item that has it, for messages
 * @throws KindredError INVALID_METADATA that names field, expected and received type
 */
export function settleTypes(fields: Map<string, FieldType>, metadata: Metadata, id: string): void {
  for (const [field, value] of Object.entries(metadata)) {
    for (const element of elementsOf(value)) {
      const type = fields.get(field) ?? typeOf(element)
      if (!fits(element, type)) {
        const wanted = type === 'date' ? 'an RFC 3339 date' : `a ${type}`
        throw expected(wanted, `metadata field ${field} of item ${id}`, element, 'INVALID_METADATA')
      }
      fields.set(field, type)
    }
  }
  checkFieldCount(fields)
}

/**
 * Gives types to fields that have none yet.
 *
 * @param fields types so far; those declared are added to it
 * @throws KindredError SETTING_FIXED for a field of another type: items may have values of it. INVALID_METADATA
 */
export function declareTypes(
  fields: Map<string, FieldType>,
  declared: Readonly<Record<string, FieldType>>,
): void {
  for (const [field, type] of Object.entries(declared)) {
    const has = fields.get(field)
    if (has !== undefined && has !== type) {
      throw new KindredError('SETTING_FIXED', `The metadata field ${field} is a ${has} already`, {
        hint: 'Import the items into a collection that declares it otherwise, and point an alias there.',
      })
    }
    fields.set(field, type)
  }
  checkFieldCount(fields)
}

function checkFieldCount(fields: ReadonlyMap<string, FieldType>): void {
  if (fields.size > mostFields) {
    throw new KindredError('INVALID_METADATA', `A collection may have ${mostFields} metadata fields at most`)
  }
}

const elementsOf = (value: MetadataValue): readonly (string | number | boolean)[] =>
  value === null ? [] : typeof value === 'object' ? value : [value]

const typeOf = (element: string | number | boolean): FieldType =>
  typeof element === 'string' ? 'string' : typeof element === 'number' ? 'number' : 'boolean'

const fits = (element: string | number | boolean, type: FieldType): boolean =>
  type === 'date' ? typeof element === 'string' && isRfc3339(element) : typeof element === type

/** JSON merge patch (RFC 7396) of metadata, whose values are never objects: null removes, anything else replaces. */
export function mergeMetadata(metadata: Metadata, patch: Metadata): Metadata {
  const merged = new Map(Object.entries(metadata))
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) merged.delete(field)
    else merged.set(field, value)
  }
  return Object.fromEntries(merged)
}
