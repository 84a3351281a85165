/**
 * A filter as users write it: `{ FIELD: { OPERATOR: OPERAND } }`, several keys ANDed, with `and`, `or` (arrays of filters)
 * and `not` (a filter) beside the fields; `{}` matches everything. What it may hold is checked by `parseFilter`.
 *
 * @example { colour: { in: ['red', 'blue'] }, price: { gte: 10, lt: 20 }, not: { sold: { eq: true } } }
 */
export type Filter = Readonly<Record<string, unknown>>

export type Scalar = string | number | boolean

/** How large a filter may be. */
export interface FilterLimits {
  /** Levels of `and`, `or` and `not` within each other, the filter itself included. */
  readonly depth: number
  /** Operands in all; each value of an `in` or `nin` is one. */
  readonly terms: number
}

/**
 * A checked filter, reduced to what a store has to know: `ne`, `nin` and `exists: false` are negations of the others.
 * `place` says where in the filter a test stands, for messages.
 */
export type FilterNode =
  | { readonly kind: 'and' | 'or'; readonly of: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly of: FilterNode }
  | FieldTest

export type FieldTest = { readonly field: string; readonly place: string } & (
  | { readonly kind: 'equals'; readonly values: readonly Scalar[] }
  | { readonly kind: 'compares'; readonly operator: Comparison; readonly value: string | number }
  | { readonly kind: 'starts'; readonly prefix: string }
  | { readonly kind: 'exists' }
)

export type Comparison = 'lt' | 'lte' | 'gt' | 'gte'
