import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BitSet } from '../../../src/collections/embedded/filter/bit-set.js'
import { EmbeddingTable } from '../../../src/collections/embedded/embedding-table.js'
import { kthLargest } from '../../../src/collections/embedded/kth-largest.js'
import { unitEmbeddings } from './support/fixtures.js'

it('finds the k-th largest as sorting does', () => {
  const values = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 40 })
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 45 }), (numbers, k) => {
      const sorted = [...numbers].sort((a, b) => b - a)
      expect(kthLargest(Float64Array.from(numbers), numbers.length, k)).toBe(sorted[k - 1] ?? -Infinity)
    }),
  )
})

it('scans across blocks, uses freed places again and reports every tie with the last', () => {
  // 8192 dimensions: 128 rows a block.
  const dimensions = 8192
  const table = new EmbeddingTable(dimensions)
  const embeddings = unitEmbeddings(150, dimensions)
  for (const [index, embedding] of embeddings.entries()) table.add(index + 1, embedding)
  for (let label = 1; label <= 20; label++) table.remove(label)
  const query = embeddings[140] ?? new Float32Array(dimensions)
  for (let label = 201; label <= 205; label++) table.add(label, query)
  expect(table.size).toBe(135)
  const labels = table.nearest(query, 1).map(({ label }) => label)
  expect(labels.sort((a, b) => a - b)).toEqual([141, 201, 202, 203, 204, 205])
  expect(table.nearest(query, 1000)).toHaveLength(135)
  const among = new BitSet()
  for (const label of [30, 141, 50, 1]) among.add(label)
  expect(table.nearest(query, 10, among)).toEqual(table.nearestOf([30, 141, 50], query, 10))
  expect(table.nearestOf([141, 30], query, 1)).toEqual([
    { label: 141, score: expect.closeTo(1, 6) as number },
  ])
})
