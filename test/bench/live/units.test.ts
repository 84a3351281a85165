import { describe, expect, it } from 'vitest'
import { milliseconds, perSecond, size } from '../../../src/bench/live/report/units.js'

describe('units of the page', () => {
  it('have as many digits as a reader needs', () => {
    const sizes = [0, 38_400, 999_000, 8_300_000].map(size)
    expect(sizes).toEqual(['0.0\u00a0kB', '38.4\u00a0kB', '999.0\u00a0kB', '8.3\u00a0MB'])
    const times = [0.04, 99.94, 130.4, 12_345, NaN].map(milliseconds)
    expect(times).toEqual(['0.0\u00a0ms', '99.9\u00a0ms', '130\u00a0ms', '12.3\u00a0s', '–'])
    expect([0.5, 15.75, 300.4].map(perSecond)).toEqual(['0.5', '15.8', '300'])
  })
})
