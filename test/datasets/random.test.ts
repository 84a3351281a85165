import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, restoreRandom, sample, shuffle } from '../../src/datasets/random.js'

describe('the seeded generator', () => {
  it('gives the same numbers for the same seed, on every machine', () => {
    const random = createRandom(42)
    expect([random(), random(), random()]).toEqual([
      0.13822577544488013, 0.5920177132356912, 0.05910691525787115,
    ])
  })

  it('gives unrelated numbers for neighbouring seeds', () => {
    const first = Array.from({ length: 2000 }, (_, seed) => createRandom(seed)())
    const mean = first.reduce((sum, value) => sum + value, 0) / first.length
    expect(mean).toBeCloseTo(0.5, 1)
    expect(new Set(first).size).toBe(first.length)
  })

  it('is uniform over [0, 1)', () => {
    const random = createRandom(7)
    const bins = new Array<number>(20).fill(0)
    for (let n = 0; n < 100_000; n++) {
      const bin = Math.floor(random() * 20)
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    const chiSquared = bins.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0)
    // 19 degrees of freedom: 0.001 of all fair generators exceed 43.8.
    expect(chiSquared).toBeLessThan(43.8)
  })

  it('goes on from a saved state, which survives JSON', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(50), (seed, skip) => {
        const random = createRandom(seed)
        for (let n = 0; n < skip; n++) random()
        const resumed = restoreRandom(
          JSON.parse(JSON.stringify(random.state())) as ReturnType<typeof random.state>,
        )
        expect([resumed(), resumed(), resumed()]).toEqual([random(), random(), random()])
      }),
    )
  })

  it('refuses a seed that is not a whole number', () => {
    expect(() => createRandom(0.5)).toThrow(/whole number/)
  })
})

describe('shuffle and sample', () => {
  it('keep every value once and leave the input alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (values, seed) => {
        const before = [...values]
        expect(shuffle(values, createRandom(seed)).sort()).toEqual([...values].sort())
        expect(values).toEqual(before)
      }),
    )
  })

  it('make every order equally likely', () => {
    const random = createRandom(3)
    const counts = new Map<string, number>()
    for (let n = 0; n < 6000; n++) {
      const order = shuffle(['a', 'b', 'c'], random).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(130)
  })

  it('take no more than there are', () => {
    expect(new Set(sample([1, 2, 3, 4], 3, createRandom(1))).size).toBe(3)
    expect(() => sample([1, 2], 3, createRandom(1))).toThrow(/from 0 to 2/)
  })
})
