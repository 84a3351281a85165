import { KindredError } from '../../errors.js'
import { resolveParams, type ParamValue, type Params, type Values } from '../params.js'
import type { Distance } from './distance.js'
import { euclidean } from './euclidean.js'
import { ghmDistance, ghmParams } from './ghm.js'

interface DistanceDefinition {
  readonly name: string
  readonly summary: string
  readonly params: Params
  /** Whether it gives values in [0, 1] and not in [0, 2]: losses have other margins then. */
  readonly unitRange: boolean
  create(values: Readonly<Record<string, ParamValue>>): Distance
}

/** A distance by name with its parameters, as settings give it. */
export interface DistanceChoice {
  readonly name: string
  readonly params: Readonly<Record<string, ParamValue>>
}

const distances: readonly DistanceDefinition[] = [
  {
    name: 'euclidean',
    summary: 'Between unit vectors, in [0, 2].',
    params: {},
    unitRange: false,
    create: () => euclidean,
  },
  {
    name: 'ghm',
    summary: 'Partly between unit vectors, partly between distributions, in [0, 1]; ghm:LAMBDA.',
    params: ghmParams,
    unitRange: true,
    create: (values) => ghmDistance(values as Values<typeof ghmParams>),
  },
]

export const knownDistances = (): readonly Omit<DistanceDefinition, 'create'>[] => distances

/**
 * @param params the rest have their defaults
 * @throws KindredError INVALID_SETTING for an unknown name or parameter, listing the known ones
 */
export function resolveDistance(
  name: string,
  params: Readonly<Record<string, unknown>> = {},
): DistanceChoice & { readonly unitRange: boolean } {
  const { params: known, unitRange } = find(name)
  return { name, params: resolveParams(`the distance ${name}`, known, params), unitRange }
}

export const createDistance = ({ name, params }: DistanceChoice): Distance => find(name).create(params)

function find(name: string): DistanceDefinition {
  const found = distances.find((distance) => distance.name === name)
  if (found === undefined) {
    throw new KindredError('INVALID_SETTING', `Unknown distance ${JSON.stringify(name)}`, {
      hint: `Known distances: ${distances.map((distance) => distance.name).join(', ')}`,
    })
  }
  return found
}
