import { expected, KindredError } from '../errors.js'

export type ParamValue = number | string | boolean

/** A parameter of a loss, a regulariser or a distance: its default, what it accepts and why it is there. */
export interface Param<T extends ParamValue = ParamValue> {
  readonly default: T
  /** Default where distances lie in [0, 1], as those of GHM, and not in [0, 2]. */
  readonly defaultInUnitRange?: T
  readonly description: string
  /** Lowest and highest value of a number, both included. */
  readonly range?: readonly [number, number]
  /** Whether a number must be whole. */
  readonly whole?: true
  /** Every value that a choice may have. */
  readonly choices?: readonly string[]
}

export type Params = Readonly<Record<string, Param>>

/** The values of parameters: `Values<typeof params>`. */
export type Values<P extends Params> = {
  readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never
}

const anyNumber = [-Infinity, Infinity] as const

export const number = (
  fallback: number,
  description: string,
  range: readonly [number, number] = anyNumber,
): Param<number> => ({ default: fallback, description, range })

export const whole = (
  fallback: number,
  description: string,
  range: readonly [number, number],
): Param<number> => ({ ...number(fallback, description, range), whole: true })

/** A number on the scale of the distance, with another default where distances lie in [0, 1]. */
export const length = (
  fallback: number,
  defaultInUnitRange: number,
  description: string,
  range: readonly [number, number] = anyNumber,
): Param<number> => ({ default: fallback, defaultInUnitRange, description, range })

export const choice = <const C extends string>(
  fallback: NoInfer<C>,
  description: string,
  choices: readonly C[],
): Param<C> => ({ default: fallback, description, choices })

export const flag = (fallback: boolean, description: string): Param<boolean> => ({
  default: fallback,
  description,
})

/**
 * Every parameter of `known`: as given, else its default.
 *
 * @param owner what they are parameters of, for messages
 * @param options.unitRange whether distances lie in [0, 1]
 * @throws KindredError INVALID_SETTING for an unknown parameter, listing the known ones, and for a wrong value
 */
export function resolveParams(
  owner: string,
  known: Params,
  given: Readonly<Record<string, unknown>>,
  { unitRange = false } = {},
): Record<string, ParamValue> {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(known, name))
  if (unknown.length > 0) {
    const names = Object.keys(known).join(', ')
    throw new KindredError('INVALID_SETTING', `Unknown parameters of ${owner}: ${unknown.join(', ')}`, {
      hint: names === '' ? `${owner} has none` : `Known parameters: ${names}`,
    })
  }
  return Object.fromEntries(
    Object.entries(known).map(([name, param]) => {
      const fallback = unitRange ? (param.defaultInUnitRange ?? param.default) : param.default
      return [name, given[name] === undefined ? fallback : check(`${owner} ${name}`, param, given[name])]
    }),
  )
}

function check(name: string, param: Param, value: unknown): ParamValue {
  const { choices, range = anyNumber } = param
  const [low, high] = range
  if (choices !== undefined) {
    if (typeof value === 'string' && choices.includes(value)) return value
    throw expected(`one of ${choices.join(', ')}`, name, value, 'INVALID_SETTING')
  }
  if (typeof param.default === 'boolean') {
    if (typeof value === 'boolean') return value
    throw expected('true or false', name, value, 'INVALID_SETTING')
  }
  const fits = param.whole === true ? Number.isInteger(value) : Number.isFinite(value)
  if (typeof value === 'number' && fits && value >= low && value <= high) return value
  const what = param.whole === true ? 'a whole number' : 'a number'
  const within = range === anyNumber ? '' : ` from ${low} to ${high}`
  throw expected(`${what}${within}`, name, value, 'INVALID_SETTING')
}
