import { expected, type ErrorCode } from '../errors.js'

/** Where a value stands and which error a misfit is. */
export interface Place {
  /** File and JSON Pointer (RFC 6901): `models/products/model.json#/input/width`. */
  readonly at: string
  readonly code: ErrorCode
}

/** Gives the value its type, or throws the "Expected ... for ... but received ..." of its place. */
export type Check<T> = (value: unknown, place: Place) => T

const wrong = (what: string, value: unknown, { at, code }: Place) => expected(what, at, value, code)

const pointerTo = (place: Place, key: string | number): Place => ({
  ...place,
  at: `${place.at}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`,
})

const plainObject: Check<Record<string, unknown>> = (value, place) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong('an object', value, place)
  }
  return Object.fromEntries(Object.entries(value))
}

/** Any object of JSON values. */
export const anyObject = plainObject

/** What a type guard accepts; `what` says it in words. */
export const matching =
  <T>(what: string, accepts: (value: unknown) => value is T): Check<T> =>
  (value, place) => {
    if (!accepts(value)) throw wrong(what, value, place)
    return value
  }

export const text = matching('text', (value) => typeof value === 'string')

export const finiteNumber = matching(
  'a finite number',
  (value): value is number => typeof value === 'number' && Number.isFinite(value),
)

export const positiveNumber = matching(
  'a positive number',
  (value): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0,
)

/** A whole number, both ends included. */
export const wholeNumber = (low: number, high: number): Check<number> =>
  matching(
    `a whole number from ${low} to ${high}`,
    (value): value is number =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= low && value <= high,
  )

export const oneOf = <const T extends string | number>(...choices: readonly T[]): Check<T> =>
  matching(
    choices.length === 1 ? `${choices[0] ?? ''}` : `one of ${choices.join(', ')}`,
    (value): value is T => choices.some((choice) => choice === value),
  )

export const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (value, place) =>
    value === null ? null : check(value, place)

export const listOf =
  <T>(check: Check<T>): Check<T[]> =>
  (value, place) => {
    if (!Array.isArray(value)) throw wrong('a list', value, place)
    return value.map((entry: unknown, index) => check(entry, pointerTo(place, index)))
  }

/** Three values of one kind: red, green, blue. */
export const threeOf =
  <T>(check: Check<T>): Check<[T, T, T]> =>
  (value, place) => {
    const [red, green, blue, ...more] = listOf(check)(value, place)
    if (red === undefined || green === undefined || blue === undefined || more.length > 0) {
      throw wrong('a list of three values', value, place)
    }
    return [red, green, blue]
  }

/** An object whose keys are names of one kind and whose values are of one kind. */
export const recordOf =
  <T>(check: Check<T>, key?: Check<string>): Check<Record<string, T>> =>
  (value, place) =>
    Object.fromEntries(
      Object.entries(plainObject(value, place)).map(([name, entry]) => {
        const at = pointerTo(place, name)
        return [key === undefined ? name : key(name, at), check(entry, at)]
      }),
    )

/**
 * An object with exactly these fields. Fields that are not named are dropped, or refused where it is `closed`:
 * there a field that this version does not know could change what the others mean.
 */
export const shape =
  <T extends object>(fields: { readonly [K in keyof T]: Check<T[K]> }, closed?: 'closed'): Check<T> =>
  (value, place) => {
    const given = plainObject(value, place)
    const names = Object.keys(fields)
    const unknown = Object.keys(given).filter((name) => !names.includes(name))
    if (closed !== undefined && unknown.length > 0) {
      throw wrong(`only the fields ${names.join(', ')}`, unknown.join(', '), place)
    }
    const checks = Object.entries<Check<unknown>>(fields)
    // Every field of T has its check, so what comes out is a T.
    return Object.fromEntries(
      checks.map(([name, check]) => [name, check(given[name], pointerTo(place, name))]),
    ) as T
  }
