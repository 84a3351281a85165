import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classMeans } from '../../src/datasets/class-means.js'
import { nearestClasses } from '../../src/datasets/nearest-classes.js'

describe('class means', () => {
  it('average the rows of each class', () => {
    const rows = [Float32Array.of(1, 0), Float32Array.of(0, 4), Float32Array.of(3, 2)]
    expect(classMeans(rows, ['a', 'b', 'a'])).toEqual(
      new Map([
        ['a', Float32Array.of(2, 1)],
        ['b', Float32Array.of(0, 4)],
      ]),
    )
  })
})

describe('the nearest classes', () => {
  it('are those of the largest cosine whatever their length, in order', () => {
    const means = [
      [1, 0],
      [0.9, 0.1],
      [0, 50],
      [-3, 0.1],
      [20, 5],
    ].map((mean) => Float32Array.from(mean))
    expect(nearestClasses(means, 2)).toEqual([
      [1, 4],
      [0, 4],
      [4, 1],
      [2, 4],
      [1, 0],
    ])
  })

  it('agree with sorting all of them', () => {
    const vector = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1, maxLength: 12 }), fc.nat(14), (vectors, count) => {
        const cosine = (a: readonly number[], b: readonly number[]): number =>
          a.reduce((sum, value, d) => sum + value * (b[d] ?? 0), 0) / (Math.hypot(...a) * Math.hypot(...b))
        const near = nearestClasses(
          vectors.map((one) => Float32Array.from(one)),
          count,
        )
        vectors.forEach((one, index) => {
          const others = vectors.flatMap((other, n) => (n === index ? [] : [cosine(one, other)]))
          const best = others.sort((a, b) => b - a).slice(0, count)
          const found = near[index]?.map((n) => cosine(one, vectors[n] ?? [])) ?? []
          expect(near[index]).not.toContain(index)
          expect(found).toHaveLength(best.length)
          best.forEach((score, n) => {
            expect(found[n]).toBeCloseTo(score, 5)
          })
        })
      }),
    )
  })
})
