import { KindredError } from '../errors.js'

/**
 * What has to be true of an item for a write of it to be done. The store looks at it in the same step as it writes, so that
 * of two writes on the same condition one is done.
 */
export interface ItemCondition {
  /** Versions of which it has one; `*` for any: that it exists. */
  readonly matches?: readonly string[] | '*'
  /** Versions of which it has none; `*` for any: that it does not exist. */
  readonly matchesNone?: readonly string[] | '*'
}

/**
 * @param version of the item as it is; null where there is none
 * @throws KindredError PRECONDITION_FAILED
 */
export function checkCondition(id: string, version: string | null, condition: ItemCondition): void {
  const { matches, matchesNone = [] } = condition
  if (matches !== undefined && !isAmong(version, matches)) {
    const found = version === null ? 'does not exist' : 'is not in the state that the request names'
    throw new KindredError('PRECONDITION_FAILED', `The item ${JSON.stringify(id)} ${found}`)
  }
  if (isAmong(version, matchesNone)) {
    const found = matchesNone === '*' ? 'exists' : 'is in a state that the request rules out'
    throw new KindredError('PRECONDITION_FAILED', `The item ${JSON.stringify(id)} ${found}`)
  }
}

const isAmong = (version: string | null, versions: readonly string[] | '*'): boolean =>
  version !== null && (versions === '*' || versions.includes(version))
