import { expect, test } from 'vitest'
import { median, quantile } from '../../src/bench/quantile.js'

test('a quantile lies between its neighbours, whatever the order given', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(quantile([10, 0], 0.95)).toBeCloseTo(9.5)
  expect(quantile([1, 2, 3], 0)).toBe(1)
  expect(quantile([1, 2, 3], 1)).toBe(3)
})

test('of no values there is none', () => {
  expect(median([])).toBeNaN()
})

test('the values given stay as they were', () => {
  const values = [3, 1, 2]
  median(values)
  expect(values).toEqual([3, 1, 2])
})
