import { createRandom } from '../datasets/random.js'
import { unitRows, type EmbeddedSet } from './embedded-set.js'
import { kMeans } from './k-means.js'

export interface NmiResult {
  /** Mean over the starts, a share of 1. */
  readonly mean: number
  /** Standard deviation over the starts. */
  readonly spread: number
  readonly starts: readonly number[]
}

/**
 * How well k-means with as many clusters as classes finds the classes, over several seeded starts.
 *
 * @throws KindredError INVALID_ARGUMENT, INVALID_EMBEDDING; the signal's reason when aborted
 */
export async function clusteringNmi(
  set: EmbeddedSet,
  options: {
    seed: number
    starts?: number
    /** Told how many starts are done. */
    onProgress?: (done: number, total: number) => void
    signal?: AbortSignal
  },
): Promise<NmiResult> {
  const { seed, starts = 3, onProgress, signal } = options
  const rows = unitRows(set, 'embeddings')
  const clusters = new Set(set.labels).size
  const random = createRandom(seed)
  const scores: number[] = []
  while (scores.length < starts) {
    const found = await kMeans(rows, set.dimensions, clusters, random, signal)
    scores.push(normalisedMutualInformation(set.labels, [...found]))
    onProgress?.(scores.length, starts)
  }
  const mean = scores.reduce((sum, score) => sum + score, 0) / starts
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0)
  return { mean, spread: starts > 1 ? Math.sqrt(squares / (starts - 1)) : 0, starts: scores }
}

/**
 * Mutual information of two partitions of the same rows over the arithmetic mean of their entropies, 0 to 1; 1 where
 * both put everything into one class.
 */
export function normalisedMutualInformation(first: readonly unknown[], second: readonly unknown[]): number {
  const ofFirst = new Map<unknown, number>()
  const ofSecond = new Map<unknown, number>()
  const ofBoth = new Map<unknown, Map<unknown, number>>()
  first.forEach((a, row) => {
    const b = second[row]
    increment(ofFirst, a)
    increment(ofSecond, b)
    const among = ofBoth.get(a) ?? new Map<unknown, number>()
    increment(among, b)
    ofBoth.set(a, among)
  })
  const entropyMean = (entropy(ofFirst, first.length) + entropy(ofSecond, first.length)) / 2
  if (entropyMean === 0) return 1
  let information = 0
  for (const [a, among] of ofBoth) {
    for (const [b, count] of among) {
      const expectedCount = ((ofFirst.get(a) ?? 0) * (ofSecond.get(b) ?? 0)) / first.length
      information += (count / first.length) * Math.log(count / expectedCount)
    }
  }
  return Math.min(1, Math.max(0, information / entropyMean))
}

function increment<T>(counts: Map<T, number>, value: T): void {
  counts.set(value, (counts.get(value) ?? 0) + 1)
}

function entropy(counts: ReadonlyMap<unknown, number>, total: number): number {
  return [...counts.values()].reduce((sum, count) => sum - (count / total) * Math.log(count / total), 0)
}
