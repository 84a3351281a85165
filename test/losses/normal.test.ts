import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/datasets/random.js'
import { normals } from '../../src/losses/normal.js'

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('normals', () => {
  it('have the moments of the standard normal distribution, also across the two of a pair', () => {
    const values = [...normals(200_000, createRandom(1))]
    expect(mean(values)).toBeCloseTo(0, 1)
    expect(mean(values.map((value) => value ** 2))).toBeCloseTo(1, 1)
    expect(mean(values.map((value) => value ** 4))).toBeCloseTo(3, 0)
    const products = values
      .filter((_, i) => i % 2 === 0)
      .map((value, i) => value * (values[2 * i + 1] ?? NaN))
    expect(mean(products)).toBeCloseTo(0, 1)
  })

  it('are as many as asked for, the same from the same seed', () => {
    expect(normals(5, createRandom(2))).toHaveLength(5)
    expect([...normals(5, createRandom(2))]).toEqual([...normals(6, createRandom(2)).subarray(0, 5)])
    expect(normals(0, createRandom(2))).toHaveLength(0)
  })
})
