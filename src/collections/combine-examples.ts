import { expected, KindredError } from '../errors.js'
import { toUnitLength } from './unit-length.js'

/** How much the negative examples count beside the positive ones. */
const negativeWeight = 0.5
/** Shorter than this, what is left is rounding and no direction. */
const shortest = 1e-3

/**
 * One query out of several (after Rocchio): the mean of the positive examples, each at unit length, minus half the mean of
 * the negative ones, at unit length.
 *
 * @param positive at least one embedding of `dimensions` values
 * @returns unit length
 * @throws KindredError INVALID_EMBEDDING for an example without a direction, or where they cancel each other out;
 * INVALID_ARGUMENT without a positive one
 */
export function combineExamples(
  positive: readonly Float32Array[],
  negative: readonly Float32Array[],
  dimensions: number,
): Float32Array {
  if (positive.length === 0) throw expected('at least one example', 'positive', positive)
  const sum = new Float32Array(dimensions)
  add(sum, positive, 1 / positive.length)
  add(sum, negative, -negativeWeight / negative.length)
  if (Math.hypot(...sum) < shortest) {
    throw new KindredError('INVALID_EMBEDDING', 'The examples cancel each other out and give no direction')
  }
  return toUnitLength(sum, dimensions)
}

function add(sum: Float32Array, examples: readonly Float32Array[], weight: number): void {
  for (const example of examples) {
    for (const [at, value] of toUnitLength(example, sum.length).entries())
      sum[at] = (sum[at] ?? 0) + weight * value
  }
}
