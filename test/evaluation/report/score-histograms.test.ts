import { describe, expect, it } from 'vitest'
import type { EmbeddedSet } from '../../../src/evaluation/embedded-set.js'
import { scoreHistograms } from '../../../src/evaluation/report/score-histograms.js'

const set: EmbeddedSet = {
  // Two classes at a right angle, three rows each; within a class all alike.
  embeddings: Float32Array.of(1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1),
  dimensions: 2,
  labels: ['a', 'a', 'a', 'b', 'b', 'b'],
}

describe('score histograms', () => {
  it('put pairs of one class and of two where their scores are', () => {
    const { edges, width, same, different, pairs, thresholds } = scoreHistograms(set, set, 1)
    expect(edges[0]).toBe(0)
    expect((edges.at(-1) ?? NaN) + width).toBeCloseTo(1, 12)
    expect(same.at(-1)).toBeCloseTo(1, 10)
    expect(different[0]).toBeCloseTo(1, 10)
    // Drawn at random: of three of the class one is the query itself, and half of all are of the other class.
    expect(pairs.same / 100_000).toBeCloseTo(2 / 3, 1)
    expect(pairs.different / 100_000).toBeCloseTo(1 / 2, 1)
    expect(thresholds).toEqual(thresholds.map(() => ({ score: 1, same: 1, different: 0 })))
  })

  it('depend on the seed alone', () => {
    expect(scoreHistograms(set, set, 7)).toEqual(scoreHistograms(set, set, 7))
  })

  it('give thresholds that keep what they say', () => {
    const spread = {
      embeddings: Float32Array.from({ length: 400 }, (_, n) => Math.sin(n * n)),
      dimensions: 4,
      labels: Array.from({ length: 100 }, (_, n) => `c${n % 5}`),
    }
    const { thresholds } = scoreHistograms(spread, spread, 1)
    expect(thresholds.map(({ same }) => Math.round(100 * same))).toEqual([99, 95, 90, 75, 50])
    const scores = thresholds.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => a - b))
  })
})
