import { KindredError } from '../errors.js'
import { tf } from '../tensors/tensorflow.js'
import { createDistance, resolveDistance, type DistanceChoice } from './distances/registry.js'
import type { Loss, RegularisedBatch } from './loss.js'
import { resolveParams, type ParamValue } from './params.js'
import { findLoss, findRegulariser, knownLosses } from './registry.js'

type GivenParams = Readonly<Record<string, unknown>>
type ResolvedParams = Readonly<Record<string, ParamValue>>

/** What training asks of the embeddings, as settings give it. */
export interface ObjectiveSettings {
  readonly loss: string
  readonly lossParams: GivenParams
  /** Name of a distance; after a colon its lambda. */
  readonly distance: string
  readonly distanceParams: GivenParams
  /** Weights by name; null is the default weight. */
  readonly regularize: Readonly<Record<string, number | null>>
  /** Parameters by the name of a regulariser. */
  readonly regularizerParams: Readonly<Record<string, GivenParams>>
}

/** The same with every default filled in: what a log and a model card record. */
export interface ResolvedObjective {
  readonly loss: { readonly name: string; readonly params: ResolvedParams }
  /** null where the loss measures by none. */
  readonly distance: DistanceChoice | null
  readonly regularisers: readonly {
    readonly name: string
    readonly weight: number
    readonly params: ResolvedParams
  }[]
}

/** @throws KindredError INVALID_SETTING for an unknown name or parameter, listing the known ones, or a wrong value */
export function resolveObjective(settings: ObjectiveSettings): ResolvedObjective {
  const definition = findLoss(settings.loss)
  const { unitRange, ...distance } = distanceOf(settings)
  if (definition.takesDistance === undefined && settings.distance !== 'euclidean') {
    const names = knownLosses().filter(({ takesDistance }) => takesDistance === true)
    throw new KindredError('INVALID_SETTING', `The loss ${settings.loss} takes no distance`, {
      hint: `Losses that do: ${names.map(({ name }) => name).join(', ')}`,
    })
  }
  const unweighted = Object.keys(settings.regularizerParams).filter(
    (name) => !Object.hasOwn(settings.regularize, name),
  )
  if (unweighted.length > 0) {
    throw new KindredError(
      'INVALID_SETTING',
      `There are parameters for regularisers that are not asked for: ${unweighted.join(', ')}`,
      { hint: 'Name them in regularize, as in lsd:100.' },
    )
  }
  return {
    loss: {
      name: settings.loss,
      params: resolveParams(settings.loss, definition.params, settings.lossParams, { unitRange }),
    },
    distance: definition.takesDistance === undefined ? null : distance,
    regularisers: Object.entries(settings.regularize).map(([name, weight]) => {
      const { params, weight: byDefault } = findRegulariser(name)
      const given = settings.regularizerParams[name] ?? {}
      return { name, weight: weight ?? byDefault, params: resolveParams(name, params, given) }
    }),
  }
}

function distanceOf({ distance, distanceParams }: ObjectiveSettings): ReturnType<typeof resolveDistance> {
  const colon = distance.indexOf(':')
  if (colon === -1) return resolveDistance(distance, distanceParams)
  const lambda = distance.slice(colon + 1).trim()
  // Number('') is 0, which nobody meant by `ghm:`.
  const share = lambda === '' ? NaN : Number(lambda)
  return resolveDistance(distance.slice(0, colon), { ...distanceParams, lambda: share })
}

export interface ObjectiveBatch extends Omit<RegularisedBatch, 'random' | 'proxies'> {
  /** Epochs done over those of the run: how far ramps are. */
  readonly progress: number
  /** A generator for one purpose of this step, so that a regulariser more changes nothing for the others. */
  readonly random: (purpose: string) => () => number
}

/** A base loss and its regularisers as one value. */
export interface Objective {
  /** Those of the base loss by their names, those of a regulariser as `ranking.projector.weight`. */
  readonly variables: Loss['variables']
  /** Whether a batch of this progress needs the embeddings of the teacher. */
  needsTeacher(progress: number): boolean
  /** @returns the sum, and what each part brings to it: `base` and the weighted regularisers by name */
  value(batch: ObjectiveBatch): { total: tf.Scalar; parts: ReadonlyMap<string, tf.Scalar> }
  dispose(): void
}

/** @param sizes.random a generator for one purpose: the base loss or one regulariser */
export function createObjective(
  { loss, distance, regularisers }: ResolvedObjective,
  sizes: { classes: number; dimensions: number; random: (purpose: string) => () => number },
): Objective {
  const base = findLoss(loss.name).create(loss.params, {
    ...sizes,
    random: sizes.random('loss'),
    distance: createDistance(distance ?? resolveDistance('euclidean')),
  })
  const terms = regularisers.map(({ name, weight, params }) => {
    const definition = findRegulariser(name)
    const term = definition.create(params, { ...sizes, random: sizes.random(name) })
    const weightAt = (progress: number): number => (definition.ramped === true ? progress * weight : weight)
    return { name, term, weightAt, needsTeacher: definition.needsTeacher === true }
  })
  return {
    variables: new Map([
      ...base.variables,
      ...terms.flatMap(({ name, term }) =>
        [...term.variables].map(([own, variable]) => [`${name}.${own}`, variable] as const),
      ),
    ]),
    needsTeacher: (progress) =>
      terms.some(({ needsTeacher, weightAt }) => needsTeacher && weightAt(progress) !== 0),
    value({ random, progress, ...batch }) {
      const parts = new Map([['base', base.value({ ...batch, random: random('loss') })]])
      const proxies = base.proxies ?? null
      for (const { name, term, weightAt } of terms) {
        const weight = weightAt(progress)
        // A ramp that has not begun: its teacher need not exist yet.
        if (weight === 0) continue
        parts.set(name, tf.mul(weight, term.value({ ...batch, proxies, random: random(name) })))
      }
      return { total: tf.addN([...parts.values()]), parts }
    },
    dispose() {
      base.dispose()
      for (const { term } of terms) term.dispose()
    },
  }
}
