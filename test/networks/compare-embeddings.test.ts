import { describe, expect, it } from 'vitest'
import { compareEmbeddings } from '../../src/networks/compare-embeddings.js'

const rows = (...values: number[][]): Float32Array[] => values.map((row) => Float32Array.from(row))

describe('compareEmbeddings', () => {
  it('gives the largest difference when all are within the tolerance', () => {
    expect(compareEmbeddings(rows([1, 0], [0, 1]), rows([1, 0.25], [0.5, 1]), 0.5)).toBe(0.5)
  })

  it.each([
    ['a value off', rows([1, 0]), rows([1, 0.001])],
    ['NaN', rows([1, 0]), rows([1, NaN])],
    ['NaN on both sides', rows([1, NaN]), rows([1, NaN])],
    ['another length', rows([1, 0]), rows([1])],
  ])('refuses %s', (_, reference, exported) => {
    expect(() => compareEmbeddings(reference, exported)).toThrow(
      expect.objectContaining({ code: 'EXPORT_MISMATCH' }) as Error,
    )
  })

  it('refuses to compare nothing, or different numbers of embeddings', () => {
    expect(() => compareEmbeddings([], [])).toThrow('at least one')
    expect(() => compareEmbeddings(rows([1]), rows([1], [1]))).toThrow('1 embeddings')
  })
})
