import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/datasets/random.js'
import { Shortlist } from '../../src/evaluation/shortlist.js'

describe('a shortlist', () => {
  it('holds every row that is among the nearest, however the errors fall', () => {
    const cases = fc.record({
      count: fc.integer({ min: 1, max: 4000 }),
      wanted: fc.integer({ min: 1, max: 300 }),
      // From all alike to all apart.
      steps: fc.constantFrom(1, 3, 50, 1e6),
      seed: fc.nat(1000),
    })
    fc.assert(
      fc.property(cases, ({ count, wanted, steps, seed }) => {
        const random = createRandom(seed)
        const tolerance = 1e-3
        const exact = Array.from({ length: count }, () => Math.floor(random() * steps) / steps)
        const list = new Shortlist(wanted, tolerance)
        exact.forEach((product, row) => {
          const measured = Math.fround(product + 0.99 * tolerance * (2 * random() - 1))
          if (measured >= list.least) list.add(measured, row)
        })
        const kept = list.rows()
        expect([...kept]).toEqual([...kept].sort((a, b) => a - b))
        const nearest = [...exact.keys()].sort((a, b) => (exact[b] ?? 0) - (exact[a] ?? 0) || a - b)
        const held = new Set(kept)
        for (const row of nearest.slice(0, wanted)) expect(held.has(row)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('forgets what is far off', () => {
    const list = new Shortlist(2, 1e-6)
    for (let row = 0; row < 5000; row++) {
      if (row / 5000 >= list.least) list.add(row / 5000, row)
    }
    expect([...list.rows()]).toEqual([4998, 4999])
  })
})
