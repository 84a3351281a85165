import { expected, KindredError } from '../../errors.js'
import type { FieldTest, FilterLimits, FilterNode, Scalar } from './filter.js'

/** What any store takes; a server may allow less. */
export const largestFilter: FilterLimits = { depth: 64, terms: 10_000 }

const loneSurrogate = /\p{Surrogate}/u

/**
 * Checks a filter and reduces it to its tree.
 *
 * @param filter as users write it, from JSON
 * @throws KindredError INVALID_FILTER that names the place in the filter
 */
export function parseFilter(filter: unknown, limits: FilterLimits = largestFilter): FilterNode {
  const parser = new Parser(limits)
  return parser.group(filter, 'filter', 1)
}

/** Whether a filter says nothing about any field and so matches whatever there is. */
export function constrainsNothing(node: FilterNode): boolean {
  switch (node.kind) {
    case 'and':
      return node.of.every(constrainsNothing)
    case 'or':
      return node.of.some(constrainsNothing)
    case 'not':
      return matchesNothing(node.of)
    case 'equals':
    case 'compares':
    case 'starts':
    case 'exists':
      return false
  }
}

function matchesNothing(node: FilterNode): boolean {
  switch (node.kind) {
    case 'and':
      return node.of.some(matchesNothing)
    case 'or':
      return node.of.every(matchesNothing)
    case 'not':
      return constrainsNothing(node.of)
    case 'equals':
      return node.values.length === 0
    case 'compares':
    case 'starts':
    case 'exists':
      return false
  }
}

class Parser {
  readonly #limits: FilterLimits
  #terms = 0

  constructor(limits: FilterLimits) {
    this.#limits = limits
  }

  group(value: unknown, place: string, depth: number): FilterNode {
    if (depth > this.#limits.depth) {
      throw invalid(`The filter is nested more than ${this.#limits.depth} deep, at ${place}`)
    }
    if (!isObject(value)) throw unexpected('an object', place, value)
    const parts = Object.entries(value).map(([key, under]): FilterNode => {
      const here = `${place}.${key}`
      switch (key) {
        case 'and':
        case 'or':
          if (!Array.isArray(under)) throw unexpected('an array of filters', here, under)
          return { kind: key, of: under.map((one, at) => this.group(one, `${here}.${at}`, depth + 1)) }
        case 'not':
          return { kind: 'not', of: this.group(under, here, depth + 1) }
        default:
          return this.#field(key, under, here)
      }
    })
    return onlyOf(parts)
  }

  #field(field: string, value: unknown, place: string): FilterNode {
    if (!isObject(value)) {
      const hint = isScalar(value) ? `Write {${JSON.stringify(field)}: {"eq": ${JSON.stringify(value)}}}` : ''
      throw unexpected('an object with an operator', place, value, hint)
    }
    const operators = Object.entries(value)
    if (operators.length === 0) throw unexpected('an object with an operator', place, value)
    return onlyOf(
      operators.map(([operator, operand]) => this.#test(field, operator, operand, `${place}.${operator}`)),
    )
  }

  #test(field: string, operator: string, operand: unknown, place: string): FilterNode {
    this.#count(Array.isArray(operand) ? Math.max(1, operand.length) : 1, place)
    switch (operator) {
      case 'eq':
        return { kind: 'equals', field, place, values: [scalar(operand, place)] }
      case 'ne':
        return not({ kind: 'equals', field, place, values: [scalar(operand, place)] })
      case 'in':
        return { kind: 'equals', field, place, values: scalars(operand, place) }
      case 'nin':
        return not({ kind: 'equals', field, place, values: scalars(operand, place) })
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte': {
        const value = scalar(operand, place)
        if (typeof value === 'boolean') throw unexpected('a number, a text or a date', place, operand)
        return { kind: 'compares', field, place, operator, value }
      }
      case 'prefix': {
        if (typeof operand !== 'string') throw unexpected('a text', place, operand)
        return { kind: 'starts', field, place, prefix: text(operand, place) }
      }
      case 'exists': {
        if (typeof operand !== 'boolean') throw unexpected('true or false', place, operand)
        const test: FieldTest = { kind: 'exists', field, place }
        return operand ? test : not(test)
      }
      default:
        throw invalid(
          `Expected one of ${operators} but received ${JSON.stringify(operator.slice(0, 80))}, at ${place.slice(0, 200)}`,
        )
    }
  }

  #count(terms: number, place: string): void {
    this.#terms += terms
    if (this.#terms > this.#limits.terms) {
      throw invalid(`The filter has more than ${this.#limits.terms} operands, at ${place}`)
    }
  }
}

const operators = 'eq, ne, in, nin, lt, lte, gt, gte, exists, prefix'

const not = (of: FilterNode): FilterNode => ({ kind: 'not', of })
const onlyOf = (of: readonly FilterNode[]): FilterNode => {
  const [first] = of
  return of.length === 1 && first !== undefined ? first : { kind: 'and', of }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value))

function scalars(operand: unknown, place: string): Scalar[] {
  if (!Array.isArray(operand)) throw unexpected('an array of values', place, operand)
  return operand.map((value, at) => scalar(value, `${place}.${at}`))
}

function scalar(operand: unknown, place: string): Scalar {
  if (!isScalar(operand)) {
    const hint = operand === null ? 'Write {"exists": false} for items without a value.' : ''
    throw unexpected('a text, a finite number, true or false', place, operand, hint)
  }
  return typeof operand === 'string' ? text(operand, place) : operand
}

/** SQLite would read half a surrogate pair as another character. */
function text(operand: string, place: string): string {
  if (loneSurrogate.test(operand)) throw invalid(`The text at ${place} is not valid Unicode`)
  return operand
}

const invalid = (message: string, hint = ''): KindredError =>
  new KindredError('INVALID_FILTER', message, hint === '' ? {} : { hint })

function unexpected(what: string, place: string, received: unknown, hint = ''): KindredError {
  return invalid(expected(what, place, received).message, hint)
}
