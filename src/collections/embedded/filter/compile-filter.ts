import { KindredError } from '../../../errors.js'
import type { FieldType } from '../../collection.js'
import type { FieldTest, FilterNode } from '../../filter/filter.js'
import { storedValue } from './stored-value.js'

/** A condition on a row of `items`, and what its question marks stand for. */
export interface Condition {
  readonly sql: string
  readonly parameters: readonly (string | number)[]
}

/** The value of an empty array, after all others: an upper end of ranges. */
const afterAll = `value < x''`

/**
 * A filter as a condition on `items`, by way of the index of values. Values are parameters, never part of the text.
 *
 * @param fields types of the collection's fields; a field that is not there has no values
 * @throws KindredError INVALID_FILTER where a date field is compared with a text that is no date
 */
export function compileFilter(node: FilterNode, fields: ReadonlyMap<string, FieldType>): Condition {
  switch (node.kind) {
    case 'and':
    case 'or':
      return join(
        node.of.map((one) => compileFilter(one, fields)),
        node.kind,
      )
    case 'not': {
      const { sql, parameters } = compileFilter(node.of, fields)
      return { sql: `NOT ${sql}`, parameters }
    }
    case 'equals':
    case 'compares':
    case 'starts':
    case 'exists': {
      const values = compileTest(node, fields.get(node.field))
      if (values === null) return never
      const sql = `(number IN (SELECT item FROM item_values WHERE field = ? AND ${values.sql}))`
      return { sql, parameters: [node.field, ...values.parameters] }
    }
  }
}

const never: Condition = { sql: '(0)', parameters: [] }
const always: Condition = { sql: '(1)', parameters: [] }

/** Halves upon halves: SQLite limits how deep an expression may be, and a chain is as deep as it is long. */
function join(conditions: readonly Condition[], kind: 'and' | 'or'): Condition {
  const [first] = conditions
  if (first === undefined) return kind === 'and' ? always : never
  if (conditions.length === 1) return first
  const half = conditions.length / 2
  const [left, right] = [join(conditions.slice(0, half), kind), join(conditions.slice(half), kind)]
  return {
    sql: `(${left.sql} ${kind.toUpperCase()} ${right.sql})`,
    parameters: [...left.parameters, ...right.parameters],
  }
}

/** The condition on a value of the field; null where none can fulfil it. */
function compileTest(test: FieldTest, type: FieldType | undefined): Condition | null {
  if (type === undefined) return null
  switch (test.kind) {
    case 'equals': {
      const values = test.values.map((value) => operand(test, value, type)).filter((value) => value !== null)
      if (values.length === 0) return null
      return { sql: `value IN (${values.map(() => '?').join(', ')})`, parameters: values }
    }
    case 'compares': {
      const value = operand(test, test.value, type)
      if (value === null) return null
      const sign = { lt: '<', lte: '<=', gt: '>', gte: '>=' }[test.operator]
      return { sql: `value ${sign} ? AND ${afterAll}`, parameters: [value] }
    }
    case 'starts': {
      if (type === 'date') {
        const hint = 'Name the first and the last instant: {"gte": ..., "lt": ...}'
        throw new KindredError('INVALID_FILTER', `A date has no prefix, at ${test.place}`, { hint })
      }
      if (type !== 'string') return null
      const end = firstAfter(test.prefix)
      return end === null
        ? { sql: `value >= ? AND ${afterAll}`, parameters: [test.prefix] }
        : { sql: 'value >= ? AND value < ?', parameters: [test.prefix, end] }
    }
    case 'exists':
      return { sql: '1', parameters: [] }
  }
}

function operand(
  { place }: FieldTest,
  value: string | number | boolean,
  type: FieldType,
): string | number | null {
  const stored = storedValue(value, type)
  if (stored === null && type === 'date' && typeof value === 'string') {
    const shown = JSON.stringify(value.slice(0, 80))
    throw new KindredError('INVALID_FILTER', `Expected an RFC 3339 date for ${place} but received ${shown}`)
  }
  return stored
}

/** The least text, by code point, that comes after every text with this prefix; null where there is none. */
function firstAfter(prefix: string): string | null {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0)
  while (points.length > 0) {
    const last = points.pop() ?? 0
    if (last === 0x10ffff) continue
    // Surrogates are no characters.
    return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
  }
  return null
}
