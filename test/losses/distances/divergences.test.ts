import { expect, it } from 'vitest'
import { createRandom } from '../../../src/datasets/random.js'
import { distributionsOf } from '../../../src/losses/distances/distributions.js'
import { divergenceNames, divergences } from '../../../src/losses/distances/divergences.js'

it.each(divergenceNames)(
  '%s has the same value and gradient whether it keeps what it computed or not',
  (name) => {
    const random = createRandom(6)
    const width = 40
    const p = distributionsOf(
      { values: Float64Array.from({ length: 2 * width }, () => 200 * random() - 100), count: 2, width },
      1,
    )
    const divergence = divergences[name]
    const kept = new Float64Array(width)
    const value = divergence.of(p, 1, 0, kept)
    expect(divergence.of(p, 1, 0, null)).toBe(value)
    const [one, other] = [new Float64Array(2 * width), new Float64Array(2 * width)]
    divergence.addGradient(one, p, { i: 1, j: 0, value, kept }, 0.7)
    divergence.addGradient(other, p, { i: 1, j: 0, value, kept: null }, 0.7)
    expect(one).toEqual(other)
    expect(one.some((slope) => slope !== 0)).toBe(true)
  },
)
