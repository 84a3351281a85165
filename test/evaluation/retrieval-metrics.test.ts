import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/datasets/random.js'
import type { EmbeddedSet } from '../../src/evaluation/embedded-set.js'
import { retrievalMetrics } from '../../src/evaluation/retrieval-metrics.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { plainRetrieval } from './plain-retrieval.js'

/** Few values, so that equal scores are common. */
const anySet = (count: fc.Arbitrary<number>): fc.Arbitrary<EmbeddedSet> =>
  count.chain((n) =>
    fc.record({
      embeddings: fc
        .array(fc.tuple(fc.constantFrom(-1, 0, 1, 2), fc.constantFrom(-1, 0, 3), fc.constantFrom(1, 2)), {
          minLength: n,
          maxLength: n,
        })
        .map((rows) => Float32Array.from(rows.flat())),
      dimensions: fc.constant(3),
      labels: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: n, maxLength: n }),
      ids: fc.uniqueArray(fc.integer({ min: 0, max: 60 }).map(String), { minLength: n, maxLength: n }),
    }),
  )

const randomSet = (count: number, dimensions: number, classes: number): EmbeddedSet => {
  const random = createRandom(count)
  return {
    embeddings: Float32Array.from({ length: count * dimensions }, () => random() - 0.5),
    dimensions,
    labels: Array.from({ length: count }, (_, row) => `c${row % classes}`),
  }
}

const ks = [1, 3, 10]

describe('retrieval metrics', () => {
  it('equal plain loops over everything, ties included', async () => {
    await fc.assert(
      fc.asyncProperty(anySet(fc.integer({ min: 1, max: 30 })), async (queries) => {
        const { perQuery } = await retrievalMetrics({ queries, ks })
        const plain = plainRetrieval(queries, queries, ks)
        expect(perQuery.rows).toEqual(plain.map(({ row }) => row))
        for (const k of ks) expect(perQuery.recall[k]).toEqual(plain.map(({ recall }) => recall[k]))
        expect(perQuery.rPrecision).toEqual(plain.map(({ rPrecision }) => rPrecision))
        perQuery.mapAtR.forEach((value, n) => {
          expect(value).toBeCloseTo(plain[n]?.mapAtR ?? NaN, 12)
        })
      }),
    )
  })

  it('equal plain loops with a gallery apart, the own picture left out by id', async () => {
    const sizes = fc.integer({ min: 1, max: 25 })
    await fc.assert(
      fc.asyncProperty(anySet(sizes), anySet(sizes), async (queries, gallery) => {
        const { perQuery, counts } = await retrievalMetrics({ queries, gallery, ks })
        const plain = plainRetrieval(queries, gallery, ks)
        expect(perQuery.rows).toEqual(plain.map(({ row }) => row))
        expect(perQuery.recall[3]).toEqual(plain.map(({ recall }) => recall[3]))
        expect(perQuery.rPrecision).toEqual(plain.map(({ rPrecision }) => rPrecision))
        expect(counts).toMatchObject({
          queries: plain.length,
          leftOut: queries.labels.length - plain.length,
          gallery: gallery.labels.length,
        })
      }),
    )
  })

  it('equal plain loops across the borders of blocks', async () => {
    const queries = randomSet(131, 17, 9)
    const gallery = randomSet(1030, 17, 9)
    const { recall, rPrecision, mapAtR } = await retrievalMetrics({ queries, gallery, ks })
    const plain = plainRetrieval(queries, gallery, ks)
    const mean = (of: (scores: (typeof plain)[number]) => number): number =>
      plain.reduce((sum, scores) => sum + of(scores), 0) / plain.length
    for (const k of ks)
      expect(recall[k]).toBeCloseTo(
        mean((scores) => scores.recall[k] ?? NaN),
        12,
      )
    expect(rPrecision).toBeCloseTo(
      mean((scores) => scores.rPrecision),
      12,
    )
    expect(mapAtR).toBeCloseTo(
      mean((scores) => scores.mapAtR),
      12,
    )
  })

  it('leave out a query whose class has no other picture, rather than count it as 0', async () => {
    const queries = {
      embeddings: Float32Array.of(1, 0, 1, 0.1, 0, 1),
      dimensions: 2,
      labels: ['a', 'a', 'alone'],
    }
    const { recall, counts, perQuery } = await retrievalMetrics({ queries, ks: [1] })
    expect(recall).toEqual({ 1: 1 })
    expect(counts).toEqual({ queries: 2, leftOut: 1, gallery: 3, classes: 1 })
    expect(perQuery.labels).toEqual(['a', 'a'])
  })

  it('do not depend on the length of embeddings', async () => {
    const queries = randomSet(60, 5, 6)
    const scaled = queries.embeddings.map((value, n) => value * 2 ** (Math.floor(n / 5) % 7))
    expect(await retrievalMetrics({ queries: { ...queries, embeddings: scaled } })).toEqual(
      await retrievalMetrics({ queries }),
    )
  })

  it('count a K beyond the gallery as all of it', async () => {
    const queries = randomSet(5, 4, 2)
    expect((await retrievalMetrics({ queries, ks: [100] })).recall).toEqual({ 100: 1 })
  })

  it('refuse rows without a direction and sizes that do not fit', async () => {
    const zero = { embeddings: Float32Array.of(1, 0, 0, 0), dimensions: 2, labels: ['a', 'a'] }
    await expect(retrievalMetrics({ queries: zero })).rejects.toMatchObject({ code: 'INVALID_EMBEDDING' })
    const nan = { embeddings: Float32Array.of(1, 0, NaN, 0), dimensions: 2, labels: ['a', 'a'] }
    await expect(retrievalMetrics({ queries: nan })).rejects.toMatchObject({ code: 'INVALID_EMBEDDING' })
    await expect(retrievalMetrics({ queries: { ...nan, labels: ['a'] } })).rejects.toThrow(/1 x 2 numbers/)
    await expect(retrievalMetrics({ queries: randomSet(4, 2, 2), ks: [0] })).rejects.toThrow(/ks/)
    await expect(
      retrievalMetrics({ queries: randomSet(4, 2, 2), gallery: randomSet(4, 3, 2) }),
    ).rejects.toThrow(/dimensions/)
  })

  it('tell their progress and stop when asked', async () => {
    const seen: number[] = []
    const controller = new AbortController()
    const running = retrievalMetrics({
      queries: randomSet(300, 3, 4),
      signal: controller.signal,
      onProgress: (done) => {
        seen.push(done)
        if (done === 256) controller.abort(new Error('enough'))
      },
    })
    await expect(running).rejects.toThrow('enough')
    expect(seen).toEqual([128, 256])
  })

  it('do not depend on how many threads compare', async () => {
    const queries = randomSet(700, 20, 12)
    const alone = await retrievalMetrics({ queries, threads: 1 })
    expect(await retrievalMetrics({ queries, threads: 3 })).toEqual(alone)
  })

  it('stop their threads when asked', async () => {
    const controller = new AbortController()
    const running = retrievalMetrics({
      queries: randomSet(900, 3, 4),
      threads: 2,
      signal: controller.signal,
      onProgress: () => {
        controller.abort(new Error('enough'))
      },
    })
    await expect(running).rejects.toThrow('enough')
  })

  it('keep memory in line with the rows', async () => {
    const queries = randomSet(8_000, 4, 400)
    const before = process.memoryUsage().rss
    let most = before
    await retrievalMetrics({ queries, onProgress: () => (most = Math.max(most, process.memoryUsage().rss)) })
    // A matrix of all pairs in float32 would be 256 MB.
    expect(most - before).toBeLessThan(100e6)
  })
})

interface Golden {
  embeddings: number[][]
  labels: number[]
  recall: Record<string, number>
  precision_at_1: number
  r_precision: number
  map_at_r: number
}

describeWithShared('retrieval metrics against the reference', ['golden/metrics.json'], () => {
  it('are the same', async () => {
    const golden = JSON.parse(await readFile(sharedPath('golden/metrics.json'), 'utf8')) as Golden
    const metrics = await retrievalMetrics({
      queries: {
        embeddings: Float32Array.from(golden.embeddings.flat()),
        dimensions: golden.embeddings[0]?.length ?? 0,
        labels: golden.labels.map(String),
      },
    })
    for (const [k, value] of Object.entries(golden.recall)) expect(metrics.recall[k]).toBeCloseTo(value, 12)
    expect(Object.keys(metrics.recall)).toEqual(Object.keys(golden.recall))
    // The first answer is right or wrong: precision at 1 is recall at 1.
    expect(metrics.recall['1']).toBeCloseTo(golden.precision_at_1, 12)
    expect(metrics.rPrecision).toBeCloseTo(golden.r_precision, 12)
    expect(metrics.mapAtR).toBeCloseTo(golden.map_at_r, 12)
  })
})
