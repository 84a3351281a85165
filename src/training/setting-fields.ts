import { expected, KindredError } from '../errors.js'

/**
 * The kinds of field that `settings.ts` is written in. A field knows its default, what it accepts and why it is
 * there; `parse` turns what a configuration file or a flag gave (`undefined` where it gave nothing) into its value.
 */
export interface Field<T> {
  readonly description: string
  readonly default: unknown
  /** What it accepts, in a word or two, where help should say so. */
  readonly accepts?: string
  /** The fields within, of a group or of each entry of a list of groups. */
  readonly fields?: Fields
  /** @throws KindredError INVALID_SETTING that names `path` */
  parse(raw: unknown, path: string): T
}

/** The value type of a field: `Parsed<typeof trainFields>`. */
export type Parsed<F> = F extends Field<infer T> ? T : never

type Fields = Readonly<Record<string, Field<unknown>>>
type Group<F extends Fields> = { readonly [K in keyof F]: Parsed<F[K]> }

const invalid = (what: string, path: string, raw: unknown): KindredError =>
  expected(what, path, raw, 'INVALID_SETTING')

/**
 * A field that is `fallback` when nothing is given, else what `read` makes of it. Where the fallback is null, null
 * may also be given.
 */
function field<T, D extends T | null>(
  description: string,
  fallback: D,
  read: (raw: unknown, path: string) => T,
  accepts?: string,
): Field<T | D> {
  return {
    description,
    default: fallback,
    ...(accepts !== undefined && { accepts }),
    parse: (raw, path) =>
      raw === undefined || (raw === null && fallback === null) ? fallback : read(raw, path),
  }
}

/** A number within a range, both ends included. */
export const number = <D extends number | null>(
  description: string,
  fallback: D,
  [low, high]: readonly [number, number],
): Field<number | D> =>
  field<number, D>(
    description,
    fallback,
    (raw, path) => {
      if (typeof raw !== 'number' || !(raw >= low && raw <= high))
        throw invalid(`a number from ${low} to ${high}`, path, raw)
      return raw
    },
    `${low} to ${high}`,
  )

/** A whole number within a range, both ends included. */
export const whole = <D extends number | null>(
  description: string,
  fallback: D,
  [low, high]: readonly [number, number],
): Field<number | D> =>
  field<number, D>(
    description,
    fallback,
    (raw, path) => {
      if (typeof raw !== 'number' || !Number.isInteger(raw) || raw < low || raw > high)
        throw invalid(`a whole number from ${low} to ${high}`, path, raw)
      return raw
    },
    `${low} to ${high}`,
  )

export const flag = (description: string, fallback: boolean): Field<boolean> =>
  field<boolean, boolean>(
    description,
    fallback,
    (raw, path) => {
      if (typeof raw !== 'boolean') throw invalid('true or false', path, raw)
      return raw
    },
    'true, false',
  )

/** Text of a form that `form` matches; `what` says it in words. */
export const pattern = (description: string, fallback: string, form: RegExp, what: string): Field<string> =>
  field<string, string>(
    description,
    fallback,
    (raw, path) => {
      if (typeof raw !== 'string' || !form.test(raw)) throw invalid(what, path, raw)
      return raw
    },
    what,
  )

export const text = <D extends string | null>(description: string, fallback: D): Field<string | D> =>
  field<string, D>(description, fallback, readText)

/** Text that must be given. */
export const requiredText = (description: string): Field<string> => ({
  description,
  default: undefined,
  parse: readText,
})

export const choice = <const C extends string, const D extends C | null>(
  description: string,
  fallback: D,
  choices: readonly C[],
): Field<C | D> =>
  field<C, D>(
    description,
    fallback,
    (raw, path) => {
      const found = choices.find((one) => one === raw)
      if (found === undefined) throw invalid(`one of ${choices.join(', ')}`, path, raw)
      return found
    },
    choices.join(', '),
  )

export const list = <T>(description: string, of: Field<T>, least = 0): Field<readonly T[]> => ({
  description,
  default: [],
  ...(of.fields && { fields: of.fields }),
  parse(raw, path) {
    const values = raw ?? []
    if (!Array.isArray(values) || values.length < least)
      throw invalid(least === 0 ? 'a list' : `a list of at least ${least}`, path, raw)
    return values.map((value: unknown, index) => of.parse(value, `${path}[${index}]`))
  },
})

/** A list of text; null where none is given and that means "all". */
export const texts = <D extends readonly string[] | null>(
  description: string,
  fallback: D,
): Field<readonly string[] | D> =>
  field<readonly string[], D>(description, fallback, (raw, path) => {
    if (!Array.isArray(raw)) throw invalid('a list of text', path, raw)
    return raw.map((value, index) => readText(value, `${path}[${index}]`))
  })

/** Values by a name that another part knows and checks (the parameters of a loss). */
export const paramsByName = (description: string): Field<Readonly<Record<string, ParamValue>>> =>
  field(description, {}, readParams)

/** `paramsByName` of several parts, by the name of the part. */
export const paramsByOwner = (
  description: string,
): Field<Readonly<Record<string, Readonly<Record<string, ParamValue>>>>> =>
  field(description, {}, (raw, path) => {
    const owners = Object.entries(asRecord(raw, path))
    return Object.fromEntries(
      owners.map(([owner, params]) => [owner, readParams(params, `${path}.${owner}`)]),
    )
  })

/** Whole numbers from 1 by name. */
export const countsByName = (description: string): Field<Readonly<Record<string, number>>> =>
  field(description, {}, (raw, path) =>
    Object.fromEntries(
      Object.entries(asRecord(raw, path)).map(([name, count]) => {
        if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > 1000)
          throw invalid('a whole number from 1 to 1000', `${path}.${name}`, count)
        return [name, count]
      }),
    ),
  )

/**
 * Weights by a name that another part knows: by name, or as text, `lsd:100,ranking:0.23`. A name without a weight has
 * null, which stands for the default weight.
 */
export const weightsByName = (description: string): Field<Readonly<Record<string, number | null>>> =>
  field(description, {}, (raw, path) => {
    const entries = typeof raw === 'string' ? splitWeights(raw, path) : Object.entries(asRecord(raw, path))
    return Object.fromEntries(
      entries.map(([name, weight]) => {
        if (weight === null) return [name, weight]
        if (typeof weight !== 'number' || !Number.isFinite(weight) || weight < 0)
          throw invalid('a number from 0', `${path}.${name}`, weight)
        return [name, weight]
      }),
    )
  })

function splitWeights(raw: string, path: string): [string, number | null][] {
  if (raw.trim() === '') return []
  const entries = raw.split(',').map((part): [string, number | null] => {
    const [, name, weight] = /^\s*([\w-]+)\s*(?::\s*([^\s:]+)\s*)?$/.exec(part) ?? []
    const value = weight === undefined ? null : Number(weight)
    if (name === undefined || Number.isNaN(value))
      throw invalid('NAME:WEIGHT,NAME:WEIGHT such as lsd:100,ranking:0.23', path, raw)
    return [name, value]
  })
  if (new Set(entries.map(([name]) => name)).size < entries.length) throw invalid('each name once', path, raw)
  return entries
}

type ParamValue = number | string | boolean

function readParams(raw: unknown, path: string): Record<string, ParamValue> {
  const entries = Object.entries(asRecord(raw, path))
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const isParam = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
      if (!isParam) throw invalid('a number, text, true or false', `${path}.${name}`, value)
      return [name, value as ParamValue]
    }),
  )
}

/** Fields by name. Names it does not know are refused, all of them in one message that lists the known ones. */
export function group<F extends Fields>(description: string, fields: F): Field<Group<F>> {
  return {
    description,
    fields,
    default: undefined,
    parse(raw, path) {
      const given = raw === undefined ? {} : asRecord(raw, path)
      const unknown = Object.keys(given).filter((name) => !Object.hasOwn(fields, name))
      if (unknown.length > 0) {
        const where = path === '' ? '' : ` in ${path}`
        throw new KindredError(
          'INVALID_SETTING',
          `Unknown training settings${where}: ${unknown.join(', ')}`,
          {
            hint: `Known settings${where}: ${Object.keys(fields).join(', ')}`,
          },
        )
      }
      const parsed = Object.entries(fields).map(([name, one]) => [
        name,
        one.parse(given[name], path === '' ? name : `${path}.${name}`),
      ])
      return Object.fromEntries(parsed) as Group<F>
    },
  }
}

function readText(raw: unknown, path: string): string {
  if (typeof raw !== 'string' || raw === '') throw invalid('text', path, raw)
  return raw
}

function asRecord(raw: unknown, path: string): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw invalid('settings by name', path === '' ? 'the training settings' : path, raw)
  return raw as Record<string, unknown>
}
