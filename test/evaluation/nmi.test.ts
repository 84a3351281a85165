import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, type Random } from '../../src/datasets/random.js'
import type { EmbeddedSet } from '../../src/evaluation/embedded-set.js'
import { kMeans } from '../../src/evaluation/k-means.js'
import { clusteringNmi, normalisedMutualInformation } from '../../src/evaluation/nmi.js'

/** Classes as directions, `noise` around them. */
const clustered = (classes: number, each: number, noise: number, random: Random): EmbeddedSet => {
  const dimensions = 24
  const centres = Array.from({ length: classes }, () =>
    Array.from({ length: dimensions }, () => random() - 0.5),
  )
  const rows = Array.from({ length: classes * each }, (_, row) =>
    (centres[row % classes] ?? []).map((value) => value + noise * (random() - 0.5)),
  )
  return {
    embeddings: Float32Array.from(rows.flat()),
    dimensions,
    labels: rows.map((_, row) => `c${row % classes}`),
  }
}

describe('normalised mutual information', () => {
  it('is 1 for the same partition under other names and 0 for independent ones', () => {
    expect(normalisedMutualInformation(['a', 'a', 'b', 'c'], [7, 7, 9, 1])).toBeCloseTo(1, 12)
    expect(normalisedMutualInformation(['a', 'a', 'b', 'b'], [1, 2, 1, 2])).toBeCloseTo(0, 12)
    expect(normalisedMutualInformation(['a', 'a'], [1, 1])).toBe(1)
  })

  it('equals a value worked out by hand', () => {
    // H = ln 2 and (ln 4 - 3/4 ln 3); I = 3/4 ln 2 ... with 1/4 each of (a,1) (a,1) (b,1) (b,2).
    const information =
      0.5 * Math.log(0.5 / (0.5 * 0.75)) + 0.25 * Math.log(0.25 / 0.375) + 0.25 * Math.log(2)
    const entropies = Math.log(2) + -(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25))
    expect(normalisedMutualInformation(['a', 'a', 'b', 'b'], [1, 1, 1, 2])).toBeCloseTo(
      (2 * information) / entropies,
      12,
    )
  })

  it('is symmetric and within 0..1', () => {
    const partition = fc.array(fc.tuple(fc.nat(4), fc.nat(3)), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(partition, (pairs) => {
        const [first, second] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
        const value = normalisedMutualInformation(first, second)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1)
        expect(normalisedMutualInformation(second, first)).toBeCloseTo(value, 10)
      }),
    )
  })
})

describe('NMI of k-means', () => {
  it('is 1 where classes are clusters, from every start', async () => {
    const nmi = await clusteringNmi(clustered(5, 30, 0.02, createRandom(1)), { seed: 3 })
    expect(nmi.mean).toBeGreaterThan(0.9)
    expect(Math.max(...nmi.starts)).toBeCloseTo(1, 12)
    expect(nmi.starts).toHaveLength(3)
  })

  it('is near 0 where labels mean nothing', async () => {
    const random = createRandom(2)
    const set = clustered(1, 600, 1, random)
    const nmi = await clusteringNmi(
      { ...set, labels: set.labels.map(() => `c${Math.floor(random() * 4)}`) },
      { seed: 1 },
    )
    expect(nmi.mean).toBeLessThan(0.03)
  })

  it('depends on the seed alone, and gives the spread of its starts', async () => {
    const set = clustered(12, 10, 0.9, createRandom(5))
    const nmi = await clusteringNmi(set, { seed: 8 })
    expect(await clusteringNmi(set, { seed: 8 })).toEqual(nmi)
    const mean = nmi.starts.reduce((sum, start) => sum + start, 0) / 3
    expect(nmi.mean).toBeCloseTo(mean, 12)
    expect(nmi.spread).toBeCloseTo(Math.sqrt(nmi.starts.reduce((sum, s) => sum + (s - mean) ** 2, 0) / 2), 12)
  })
})

describe('k-means', () => {
  it('leaves every row with its nearest centre', async () => {
    const set = clustered(6, 20, 0.8, createRandom(4))
    const found = await kMeans(set.embeddings, set.dimensions, 6, createRandom(1))
    const row = (n: number): number[] => [...set.embeddings.slice(n * 24, (n + 1) * 24)]
    const centres = Array.from({ length: 6 }, (_, cluster) => {
      const members = [...found.keys()].filter((n) => found[n] === cluster).map(row)
      return Array.from(
        { length: 24 },
        (_, d) => members.reduce((sum, m) => sum + (m[d] ?? 0), 0) / members.length,
      )
    })
    const distance = (n: number, cluster: number): number =>
      row(n).reduce((sum, value, d) => sum + (value - (centres[cluster]?.[d] ?? NaN)) ** 2, 0)
    found.forEach((cluster, n) => {
      for (let other = 0; other < 6; other++) {
        expect(distance(n, cluster)).toBeLessThanOrEqual(distance(n, other) + 1e-5)
      }
    })
  })

  it('equals Lloyd, who compares all with all in every round', async () => {
    const set = clustered(8, 25, 1.2, createRandom(6))
    const found = await kMeans(set.embeddings, 24, 8, createRandom(3))
    const rows = set.labels.map((_, n) => [...set.embeddings.slice(n * 24, (n + 1) * 24)])
    // One more round from where it ended changes nothing: a fixed point of the plain algorithm.
    const centres = Array.from({ length: 8 }, (_, cluster) => {
      const members = rows.filter((_, n) => found[n] === cluster)
      return (rows[0] ?? []).map(
        (_, d) => members.reduce((sum, row) => sum + (row[d] ?? 0), 0) / members.length,
      )
    })
    const again = rows.map((row) => {
      const distances = centres.map((centre) =>
        row.reduce((sum, value, d) => sum + (value - (centre[d] ?? 0)) ** 2, 0),
      )
      return distances.indexOf(Math.min(...distances))
    })
    expect([...found]).toEqual(again)
  })

  it('stops when asked', async () => {
    const set = clustered(4, 10, 1, createRandom(6))
    const stopped = kMeans(set.embeddings, 24, 4, createRandom(3), AbortSignal.abort(new Error('enough')))
    await expect(stopped).rejects.toThrow('enough')
  })

  it('copes with as many clusters as rows and with rows all alike', async () => {
    const alike = new Float32Array(12).fill(0.5)
    expect(await kMeans(alike, 3, 3, createRandom(1))).toHaveLength(4)
    const apart = Float32Array.of(0, 0, 5, 0, 0, 5)
    expect(new Set(await kMeans(apart, 2, 3, createRandom(1))).size).toBe(3)
  })
})
