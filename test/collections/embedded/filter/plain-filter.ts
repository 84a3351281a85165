import type { FieldType } from '../../../../src/collections/collection.js'
import type { Metadata } from '../../../../src/collections/item.js'
import { compareCodePoints } from '../../../../src/collections/code-point-order.js'

type Value = string | number | boolean
type Types = Readonly<Record<string, FieldType>>

/** Whether an item matches a filter, by the letter of the grammar: the oracle of the tests. */
export function plainlyMatches(filter: unknown, metadata: Metadata, types: Types): boolean {
  return Object.entries(filter as object).every(([key, under]) => {
    if (key === 'and') return (under as unknown[]).every((one) => plainlyMatches(one, metadata, types))
    if (key === 'or') return (under as unknown[]).some((one) => plainlyMatches(one, metadata, types))
    if (key === 'not') return !plainlyMatches(under, metadata, types)
    return Object.entries(under as object).every(([operator, operand]) =>
      holds(operator, operand, metadata[key] ?? null, types[key] ?? 'string'),
    )
  })
}

function holds(operator: string, operand: unknown, value: Metadata[string], type: FieldType): boolean {
  if (operator === 'exists') return (value !== null) === operand
  const elements: readonly Value[] =
    value === null ? [] : Array.isArray(value) ? (value as Value[]) : [value as Value]
  const equals = (one: Value, other: unknown) =>
    typeof one === typeof other && order(one, other as Value, type) === 0
  switch (operator) {
    case 'eq':
      return elements.some((one) => equals(one, operand))
    case 'ne':
      return !elements.some((one) => equals(one, operand))
    case 'in':
      return elements.some((one) => (operand as unknown[]).some((other) => equals(one, other)))
    case 'nin':
      return !elements.some((one) => (operand as unknown[]).some((other) => equals(one, other)))
    case 'prefix':
      return elements.some(
        (one) =>
          typeof one === 'string' &&
          Array.from(operand as string).every((c, at) => c === Array.from(one)[at]),
      )
  }
  return elements.some((one) => {
    if (typeof one !== typeof operand) return false
    const compared = order(one, operand as Value, type)
    return { lt: compared < 0, lte: compared <= 0, gt: compared > 0, gte: compared >= 0 }[operator]
  })
}

/** Dates of the tests have at most milliseconds, which Date reads. */
function order(a: Value, b: Value, type: FieldType): number {
  if (type === 'date') return Date.parse(String(a)) - Date.parse(String(b))
  return typeof a === 'string' ? compareCodePoints(a, String(b)) : Number(a) - Number(b)
}
