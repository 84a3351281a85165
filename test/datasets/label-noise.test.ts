import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flipLabels } from '../../src/datasets/label-noise.js'
import { classesOf, type LabelledSet } from '../../src/datasets/labelled-set.js'

const setOf = (sizes: readonly number[]): LabelledSet => ({
  name: 's',
  images: sizes.flatMap((size, label) =>
    Array.from({ length: size }, (_, n) => ({ path: `/${label}/${n}.jpg`, label: `c${label}` })),
  ),
})
const changed = (before: LabelledSet, after: LabelledSet): number =>
  before.images.filter((image, n) => image.label !== after.images[n]?.label).length

describe('label noise', () => {
  it('flips exactly its share, each to another class of the set, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 9 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.integer(),
        (sizes, share, seed) => {
          const before = setOf(sizes)
          const { set, flipped } = flipLabels(before, { share, seed })
          expect(flipped).toBe(Math.round(share * before.images.length))
          expect(changed(before, set)).toBe(flipped)
          expect(set.images.map((image) => image.path)).toEqual(before.images.map((image) => image.path))
          expect(classesOf(before)).toEqual(expect.arrayContaining(classesOf(set)))
        },
      ),
    )
  })

  it('is symmetric: every other class is equally likely', () => {
    const before = setOf([4000, 4000, 4000, 4000])
    const { set } = flipLabels(before, { share: 0.6, seed: 1 })
    for (const from of ['c0', 'c1', 'c2', 'c3']) {
      for (const to of ['c0', 'c1', 'c2', 'c3']) {
        const count = before.images.filter(
          ({ label }, n) => label === from && set.images[n]?.label === to,
        ).length
        // 0.4 stay and 0.2 go to each other; five standard deviations.
        expect(Math.abs(count - (from === to ? 1600 : 800))).toBeLessThan(155)
      }
    }
  })

  it('depends on the seed alone, and leaves the set as it was', () => {
    const before = setOf([20, 20])
    const labels = (seed: number): string[] =>
      flipLabels(before, { share: 0.3, seed }).set.images.map((image) => image.label)
    expect(labels(1)).toEqual(labels(1))
    expect(labels(1)).not.toEqual(labels(2))
    expect(before).toEqual(setOf([20, 20]))
  })

  it('refuses a share of everything, and noise without another class', () => {
    expect(() => flipLabels(setOf([2, 2]), { share: 1, seed: 1 })).toThrow(/for labelNoise/)
    expect(() => flipLabels(setOf([9]), { share: 0.5, seed: 1 })).toThrow(/single class/)
    expect(flipLabels(setOf([9]), { share: 0, seed: 1 }).flipped).toBe(0)
  })
})
