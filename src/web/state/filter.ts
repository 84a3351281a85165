export type Scalar = string | number | boolean

/** What the page can ask of one field: one of these values, or a range. */
export interface Condition {
  readonly in?: readonly Scalar[]
  readonly gte?: string | number
  readonly lte?: string | number
}

/** A filter of the API as far as the page writes it: fields with conditions, all of which hold. */
export type Filter = Readonly<Record<string, Condition>>

/** Reads a filter from an address; what the page would not write itself is left out. */
export function readFilter(text: string | null): Filter {
  const entries = Object.entries(parse(text)).flatMap(([field, condition]) => {
    const read = readCondition(condition)
    return read === null ? [] : [[field, read] as const]
  })
  return Object.fromEntries(entries)
}

/** @param condition null takes the field out of the filter */
export function withCondition(filter: Filter, field: string, condition: Condition | null): Filter {
  const others = Object.entries(filter).filter(([name]) => name !== field)
  return Object.fromEntries(
    condition === null || isEmpty(condition) ? others : [...others, [field, condition]],
  )
}

/** Puts a value among those that a field may have, or takes it away. */
export function toggleValue(filter: Filter, field: string, value: Scalar): Filter {
  const chosen = filter[field]?.in ?? []
  const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]
  return withCondition(filter, field, next.length === 0 ? null : { in: next })
}

const isEmpty = (condition: Condition): boolean =>
  condition.in === undefined && condition.gte === undefined && condition.lte === undefined

function parse(text: string | null): object {
  try {
    const parsed = JSON.parse(text ?? '{}') as unknown
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    // A link that was cut off on its way searches without the filter.
    return {}
  }
}

const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
const isBound = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number'

function readCondition(condition: unknown): Condition | null {
  if (typeof condition !== 'object' || condition === null) return null
  const { in: values, gte, lte } = condition as Record<string, unknown>
  const read: Condition = {
    ...(Array.isArray(values) && values.length > 0 && values.every(isScalar) && { in: values }),
    ...(isBound(gte) && { gte }),
    ...(isBound(lte) && { lte }),
  }
  return isEmpty(read) ? null : read
}
