import { describe, expect, it } from 'vitest'
import { toUnitLength } from '../../src/collections/unit-length.js'

describe('unit length', () => {
  it.each([[[3, 4]], [[1e-42, 2e-42]], [[3e38, 3e38]], [[-1e-30, 1e30]]])('is given to %j', (values) => {
    const unit = toUnitLength(Float32Array.from(values), 2)
    expect(Math.hypot(...unit)).toBeCloseTo(1, 6)
  })

  it('leaves no negative zero, so that equal embeddings have equal bytes', () => {
    expect(Object.is(toUnitLength(Float32Array.of(-0, 1), 2)[0], 0)).toBe(true)
  })

  it.each([
    ['a wrong dimension', Float32Array.of(1)],
    ['NaN', Float32Array.of(NaN, 1)],
    ['infinity', Float32Array.of(Infinity, 1)],
    ['nothing but zero', Float32Array.of(0, 0)],
    ['plain numbers', [1, 2]],
  ])('refuses %s', (_what, embedding) => {
    // Only a caller without types can pass plain numbers.
    expect(() => toUnitLength(embedding as Float32Array, 2)).toThrow(
      expect.objectContaining({ code: 'INVALID_EMBEDDING' }),
    )
  })
})
