import { expected } from '../errors.js'

/** @throws KindredError INVALID_SETTING for seeds that are not at least two different ones */
export function checkSeeds(seeds: readonly number[]): void {
  if (seeds.length < 2 || new Set(seeds).size < seeds.length)
    throw expected('at least two different seeds', 'seeds', seeds.join(','), 'INVALID_SETTING')
}

/**
 * A seed for one purpose of a run (`head`, `proxies`, `augmentation`), so that none of them shares random numbers
 * with another, and for one step of it, so that a resumed run needs no memory of what was drawn before. FNV-1a.
 */
export function seedOf(seed: number, purpose: string, ...indexes: readonly number[]): number {
  let hash = 0x811c9dc5
  for (const character of [seed, purpose, ...indexes].join(':')) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  }
  return hash >>> 0
}
