import { describe, expect, it } from 'vitest'
import { summarise, tQuantile } from '../../src/training/t-interval.js'

describe('tQuantile', () => {
  // Tables of Student's t, two-sided 95 %.
  it.each([
    [1, 12.7062],
    [2, 4.3027],
    [3, 3.1824],
    [4, 2.7764],
    [5, 2.5706],
    [9, 2.2622],
    [30, 2.0423],
    [120, 1.9799],
  ])('with %i degrees of freedom', (degrees, expected) => {
    expect(tQuantile(0.975, degrees)).toBeCloseTo(expected, 4)
  })

  it('is 0 in the middle, and rises', () => {
    expect(tQuantile(0.5, 4)).toBeCloseTo(0)
    expect(tQuantile(0.95, 4)).toBeCloseTo(2.1318, 4)
  })
})

describe('summarise', () => {
  it('gives mean, sample deviation and interval', () => {
    const summary = summarise([1, 2, 3, 4, 5])
    expect(summary?.mean).toBe(3)
    expect(summary?.standardDeviation).toBeCloseTo(Math.sqrt(2.5))
    expect(summary?.interval[0]).toBeCloseTo(3 - (2.7764 * Math.sqrt(2.5)) / Math.sqrt(5), 4)
    expect(summary?.interval[1]).toBeCloseTo(3 + (2.7764 * Math.sqrt(2.5)) / Math.sqrt(5), 4)
  })

  it('tells no spread of one value', () => {
    expect(summarise([1])).toBeNull()
    expect(summarise([2, 2, 2])).toEqual({ mean: 2, standardDeviation: 0, interval: [2, 2] })
  })
})
