import { expected } from '../errors.js'

/** The generator's four 32-bit words; written to a checkpoint and given back to `restoreRandom`. */
export type RandomState = readonly [number, number, number, number]

/** Calling it draws uniformly from [0, 1), in steps of 2^-32. */
export interface Random {
  (): number
  state(): RandomState
}

/**
 * The one generator of kindred: sfc32 (Doty-Humphrey, PractRand), its words filled from the seed by splitmix32, so that
 * neighbouring seeds give unrelated sequences. The same seed gives the same numbers on every machine.
 *
 * @param seed a whole number; only its lowest 32 bits count
 * @throws KindredError INVALID_ARGUMENT
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw expected('a whole number', 'seed', seed)
  let word = seed | 0
  const splitmix32 = (): number => {
    word = (word + 0x9e3779b9) | 0
    let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return (mixed ^ (mixed >>> 16)) >>> 0
  }
  return restoreRandom([splitmix32(), splitmix32(), splitmix32(), 1])
}

/** A generator that goes on where `state()` was taken, number for number. */
export function restoreRandom(state: RandomState): Random {
  let [a, b, c, counter] = state
  const draw = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 2 ** 32
  }
  return Object.assign(draw, { state: (): RandomState => [a >>> 0, b >>> 0, c >>> 0, counter >>> 0] })
}

/** A new array with the same values in random order (Fisher and Yates); every order is equally likely. */
export function shuffle<T>(values: readonly T[], random: () => number): T[] {
  return sample(values, values.length, random)
}

/**
 * `count` different values in random order, without replacement.
 *
 * @throws KindredError INVALID_ARGUMENT when there are fewer than `count`
 */
export function sample<T>(values: readonly T[], count: number, random: () => number): T[] {
  if (!Number.isInteger(count) || count < 0 || count > values.length) {
    throw expected(`a whole number from 0 to ${values.length}`, 'count', count)
  }
  const pool = [...values]
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (pool.length - i))
    ;[pool[i], pool[j]] = [pool[j] as T, pool[i] as T]
  }
  return pool.slice(0, count)
}
