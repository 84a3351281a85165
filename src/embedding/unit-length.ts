import { KindredError } from '../errors.js'

/**
 * Scales an embedding to length 1. Summed in double precision, kept in single.
 *
 * @returns a copy; or, for an embedding that has no direction, why
 */
export function unitLength(values: Float32Array): Float32Array | KindredError {
  let sum = 0
  for (const value of values) sum += value * value
  const length = Math.sqrt(sum)
  if (!Number.isFinite(length) || length === 0) {
    return new KindredError(
      'EMBEDDER_FAILED',
      `The network answered with ${length === 0 ? 'an all-zero embedding' : 'an embedding that is not finite'}`,
    )
  }
  return values.map((value) => value / length)
}
