import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combineExamples } from '../../src/collections/combine-examples.js'

const f32 = (...values: number[]) => Float32Array.from(values)
const example = fc
  .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .map((values) => f32(...values))

/** Mean of unit vectors, in float64. */
const mean = (examples: readonly Float32Array[]): number[] =>
  [0, 1, 2].map(
    (d) =>
      examples.reduce((sum, one) => sum + (one[d] ?? 0) / Math.hypot(...one), 0) /
      Math.max(1, examples.length),
  )

describe('a query made of examples', () => {
  it('is the mean of the positive ones minus half the mean of the negative ones, whatever their lengths', () => {
    fc.assert(
      fc.property(
        fc.array(example, { minLength: 1, maxLength: 5 }),
        fc.array(example, { maxLength: 5 }),
        (positive, negative) => {
          const [plus, minus] = [mean(positive), mean(negative)]
          const wanted = plus.map((value, d) => value - 0.5 * (minus[d] ?? 0))
          const norm = Math.hypot(...wanted)
          fc.pre(norm > 0.01)
          const combined = combineExamples(positive, negative, 3)
          wanted.forEach((value, d) => {
            expect(combined[d]).toBeCloseTo(value / norm, 4)
          })
        },
      ),
      { seed: 1 },
    )
  })

  it('of one example is that example at unit length', () => {
    expect(combineExamples([f32(3, 4)], [], 2)).toEqual(f32(0.6, 0.8))
  })

  it.each([
    ['opposites', [f32(1, 0), f32(-2, 0)], [], 'INVALID_EMBEDDING'],
    [
      'what is near and disliked as much',
      [f32(1, 0), f32(0, 1), f32(0, -1), f32(-0.5, 0)],
      [],
      'INVALID_EMBEDDING',
    ],
    ['an example without a direction', [f32(1, 0)], [f32(0, 0)], 'INVALID_EMBEDDING'],
    ['an example of other dimensions', [f32(1, 0, 0)], [], 'INVALID_EMBEDDING'],
    ['negative examples alone', [], [f32(1, 0)], 'INVALID_ARGUMENT'],
  ])('is refused from %s', (_what, positive, negative, code) => {
    expect(() => combineExamples(positive, negative, 2)).toThrow(expect.objectContaining({ code }) as unknown)
  })
})
