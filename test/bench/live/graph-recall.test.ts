import { describe, expect, it } from 'vitest'
import { graphRecall, recallOf } from '../../../src/bench/live/retrieval/graph-recall.js'

const items = (...scores: number[]) => scores.map((score, at) => ({ id: `${score}-${at}`, score }))

describe('recall of the graph', () => {
  it('is the share of the nearest that it found, equals in any order', () => {
    const exact = items(0.9, 0.8, 0.7, 0.6)
    expect(recallOf(exact, exact, 4)).toBe(1)
    expect(recallOf(items(0.9, 0.7, 0.6, 0.5), exact, 2)).toBe(0.5)
    expect(recallOf(items(0.9, 0.7, 0.6, 0.5), exact, 4)).toBe(0.75)
    expect(recallOf(items(0.8, 0.5), exact, 1)).toBe(0)
    expect(recallOf(items(0.5, 0.5), items(0.5, 0.5, 0.5), 2)).toBe(1)
    expect(recallOf([], [], 5)).toBe(1)
    // Fewer than k there are.
    expect(recallOf(items(0.9), items(0.9, 0.8), 10)).toBe(0.5)
  })

  it('counts only what the graph answered', () => {
    const answer = { graph: items(0.5), exact: items(0.9), graphMs: 1, exactMs: 3 }
    const found = graphRecall(
      [
        { ...answer, plan: 'graph' },
        { ...answer, graph: items(0.9), plan: 'filtered-graph', graphMs: 3 },
        { ...answer, plan: 'scan', exactMs: 100 },
      ],
      [1],
    )
    expect(found).toEqual({ recall: { 1: 0.5 }, walked: 2, asked: 3, graphMs: 2, exactMs: 3 })
    expect(graphRecall([{ ...answer, plan: 'scan' }], [1])).toEqual({
      recall: {},
      walked: 0,
      asked: 1,
      graphMs: null,
      exactMs: null,
    })
  })
})
