import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planSearch } from '../../../../src/collections/embedded/search/plan-search.js'

const million = { exact: false, size: 1_000_000, matching: null, breadth: 100, m: 16, lacking: 0 }

describe('the plan of a search', () => {
  it.each([
    ['a large collection', {}, 'graph'],
    ['a small collection', { size: 1000 }, 'scan'],
    ['a search that must be exact', { exact: true }, 'scan'],
    ['a collection without a graph', { lacking: null }, 'scan'],
    ['a graph that lacks most', { lacking: 600_000 }, 'scan'],
    ['a breadth that reaches most of the collection', { breadth: 100_000 }, 'scan'],
    ['a filter that half matches', { matching: 500_000 }, 'filtered-graph'],
    ['a filter that everything matches', { matching: 1_000_000 }, 'filtered-graph'],
    ['a filter that few match', { matching: 1000 }, 'filtered-scan'],
    ['a filter that nothing matches', { matching: 0 }, 'filtered-scan'],
    ['many answers of those that match', { matching: 100_000, breadth: 10_000 }, 'filtered-scan'],
    ['a filter, exactly', { matching: 500_000, exact: true }, 'filtered-scan'],
    ['a filter without a graph', { matching: 500_000, lacking: null }, 'filtered-scan'],
  ])('for %s', (_what, situation, plan) => {
    expect(planSearch({ ...million, ...situation })).toBe(plan)
  })

  it('once it is a scan for some matches it is a scan for fewer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 1, max: 5000 }),
        (one, other, breadth) => {
          const [few, many] = [Math.min(one, other), Math.max(one, other)]
          const planFor = (matching: number) => planSearch({ ...million, breadth, matching })
          if (planFor(many) === 'filtered-scan') expect(planFor(few)).toBe('filtered-scan')
        },
      ),
      { seed: 2 },
    )
  })
})
