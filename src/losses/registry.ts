import { KindredError } from '../errors.js'
import type { Loss, LossDefinition, LossSizes } from './loss.js'
import { proxyAnchorLoss } from './proxy-anchor.js'

/** Every loss by its name. A new one is a file beside this one and an entry here. */
const losses: ReadonlyMap<string, LossDefinition> = new Map(
  [proxyAnchorLoss].map((loss) => [loss.name, loss]),
)

/** Names, parameters with their defaults, and sources, for help and documentation. */
export const knownLosses = (): LossDefinition[] => [...losses.values()]

/** The resolved parameters of a loss: its defaults, overridden by `params`. @throws KindredError INVALID_SETTING */
export function resolveLossParams(
  name: string,
  params: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const { params: known } = find(name)
  const unknown = Object.keys(params).filter((param) => !Object.hasOwn(known, param))
  if (unknown.length > 0) {
    throw new KindredError('INVALID_SETTING', `Unknown parameters of ${name}: ${unknown.join(', ')}`, {
      hint: `Known parameters: ${Object.keys(known).join(', ')}`,
    })
  }
  return Object.fromEntries(
    Object.entries(known).map(([param, { default: value }]) => [param, params[param] ?? value]),
  )
}

/**
 * Makes a loss by name. Parameters that are not given have the defaults of the loss.
 *
 * @throws KindredError INVALID_SETTING for an unknown name or parameter, listing the known ones
 */
export function createLoss(name: string, params: Readonly<Record<string, number>>, sizes: LossSizes): Loss {
  return find(name).create(resolveLossParams(name, params), sizes)
}

function find(name: string): LossDefinition {
  const loss = losses.get(name)
  if (loss === undefined) {
    throw new KindredError('INVALID_SETTING', `Unknown loss ${JSON.stringify(name)}`, {
      hint: `Known losses: ${[...losses.keys()].join(', ')}`,
    })
  }
  return loss
}
