import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/datasets/random.js'
import { SimdProducts } from '../../src/evaluation/simd-products.js'

/** Rows of unit length. */
const unitRows = (count: number, dimensions: number, seed: number): Float32Array => {
  const random = createRandom(seed)
  const rows = Float32Array.from({ length: count * dimensions }, () => random() - 0.5)
  for (let row = 0; row < count; row++) {
    const values = rows.subarray(row * dimensions, (row + 1) * dimensions)
    const length = Math.hypot(...values)
    values.forEach((value, d) => (values[d] = value / length))
  }
  return rows
}
const row = (rows: Float32Array, n: number, dimensions: number): number[] => [
  ...rows.subarray(n * dimensions, (n + 1) * dimensions),
]
const dot = (a: number[], b: number[]): number => a.reduce((sum, value, d) => sum + value * (b[d] ?? NaN), 0)

describe('SIMD products', () => {
  it('equal plain loops within their tolerance, for blocks of any size', () => {
    const sizes = fc.record({
      dimensions: fc.integer({ min: 1, max: 70 }),
      queries: fc.integer({ min: 1, max: 9 }),
      rows: fc.integer({ min: 1, max: 9 }),
      skipped: fc.integer({ min: 0, max: 3 }),
    })
    fc.assert(
      fc.property(sizes, ({ dimensions, queries, rows, skipped }) => {
        const simd = new SimdProducts(dimensions, 9, 9)
        const asked = unitRows(queries + skipped, dimensions, 1)
        const gallery = unitRows(rows + skipped, dimensions, 2)
        const set = simd.setQueries({ rows: asked, start: skipped, count: queries })
        const { values, stride } = simd.products(set, { rows: gallery, start: skipped, count: rows })
        for (let q = 0; q < queries; q++) {
          for (let g = 0; g < rows; g++) {
            const exact = dot(row(asked, skipped + q, dimensions), row(gallery, skipped + g, dimensions))
            expect(Math.abs((values[q * stride + g] ?? NaN) - exact)).toBeLessThanOrEqual(simd.tolerance)
          }
        }
      }),
    )
  })

  it('do not remember a larger block that came before', () => {
    const simd = new SimdProducts(5, 8, 8)
    const rows = unitRows(8, 5, 3)
    const block = { rows, start: 0, count: 8 }
    simd.products(simd.setQueries(block), block)
    const { values, stride } = simd.products(simd.setQueries({ ...block, count: 1 }), { ...block, count: 3 })
    const again = new SimdProducts(5, 8, 8)
    const fresh = again.products(again.setQueries({ ...block, count: 1 }), { ...block, count: 3 })
    expect(stride).toBe(fresh.stride)
    expect([...values]).toEqual([...fresh.values])
  })

  it('are the same for equal rows wherever these stand', () => {
    const one = unitRows(1, 13, 4)
    const rows = new Float32Array(7 * 13)
    for (let n = 0; n < 7; n++) rows.set(one, n * 13)
    const simd = new SimdProducts(13, 7, 7)
    const block = { rows, start: 0, count: 7 }
    const { values, stride } = simd.products(simd.setQueries(block), block)
    const seen = Array.from({ length: 49 }, (_, n) => values[Math.floor(n / 7) * stride + (n % 7)])
    expect(new Set(seen).size).toBe(1)
  })
})
