import { expect, it } from 'vitest'
import { RecentRate } from '../../../src/collections/jobs/recent-rate.js'

it('looks back half a minute, so that a slow hour before does not count', () => {
  const rate = new RecentRate(0)
  expect(rate.note(0, 0)).toBeNull()
  expect(rate.note(1000, 10)).toBe(10)
  expect(rate.note(3_600_000, 10)).toBeCloseTo(0, 2)
  expect(rate.note(3_610_000, 1010)).toBeCloseTo(100)
  expect(rate.note(3_640_000, 4010)).toBeCloseTo(100)
})
