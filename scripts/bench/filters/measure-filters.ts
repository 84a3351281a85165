import type { SearchPlan } from '../../../src/collections/collection-store.js'
import { CollectionEngine } from '../../../src/collections/embedded/collection-engine.js'
import { CollectionFolders } from '../../../src/collections/embedded/collection-folders.js'
import { defaultTuning } from '../../../src/collections/embedded/tuning.js'
import { completeSpec } from '../../../src/collections/collection-spec.js'
import { parseFilter } from '../../../src/collections/filter/parse-filter.js'
import { toUnitLength } from '../../../src/collections/unit-length.js'
import { createRandom, type Random } from '../../../src/datasets/random.js'
import { clusteredEmbeddings } from '../clustered-embeddings.js'
import { median, quantile } from '../../../src/bench/quantile.js'

export interface FilterBenchSettings {
  readonly count: number
  readonly dimensions: number
  readonly clusters: number
  readonly queries: number
  readonly seed: number
}

/** Searches by one share and one way; times in milliseconds. */
export interface FilterLatency {
  /** Of the items that match. */
  readonly share: number
  readonly matching: number
  readonly way: 'planned' | 'exact'
  readonly plan: SearchPlan
  readonly median: number
  readonly p95: number
  /** The first search, which finds what matches; later ones have it. */
  readonly first: number
  /** Share of the true ten that are found. */
  readonly recall: number
}

const shares = [1, 0.5, 0.25, 0.1, 0.01, 0.001]
const k = 10
/** Spread within a cluster, beside centres whose values are about 1. */
const noise = 0.5

/**
 * Fills a collection with clustered embeddings and searches it in this thread, without the way to a collection's own.
 *
 * @param store a folder that does not exist yet
 */
export async function measureFilters(
  store: string,
  settings: FilterBenchSettings,
  report: (latency: FilterLatency) => void,
): Promise<void> {
  const { count, dimensions, clusters, queries, seed } = settings
  const made = clusteredEmbeddings({ count: count + queries, dimensions, classes: clusters, noise, seed })
  const row = (at: number): Float32Array =>
    toUnitLength(made.embeddings.slice(at * dimensions, (at + 1) * dimensions), dimensions)
  const folders = await CollectionFolders.open(store)
  folders.create('bench', completeSpec({ model: null, dimensions }))
  const engine = new CollectionEngine(
    folders.pathOf('bench'),
    { ...defaultTuning, scanBelow: 0 },
    () => undefined,
  )
  try {
    fill(engine, count, row, createRandom(seed))
    const asked = Array.from({ length: queries }, (_, at) => row(count + at))
    for (const share of shares) {
      const filter = parseFilter({ rank: { lt: share } })
      const search = (embedding: Float32Array, exact: boolean) =>
        engine.search({ embedding, k, exact, ...(share < 1 && { filter }) })
      const began = performance.now()
      const { total } = search(asked[0] ?? row(0), false)
      const first = performance.now() - began
      const truth = asked.map((embedding) => new Set(search(embedding, true).hits.map(({ id }) => id)))
      for (const way of ['planned', 'exact'] as const) {
        const times: number[] = []
        let [found, owed, plan]: [number, number, SearchPlan] = [0, 0, 'scan']
        for (const [at, embedding] of asked.entries()) {
          const started = performance.now()
          const answer = search(embedding, way === 'exact')
          times.push(performance.now() - started)
          found += answer.hits.filter(({ id }) => truth[at]?.has(id)).length
          owed += truth[at]?.size ?? 0
          plan = answer.plan
        }
        const recall = owed === 0 ? 1 : found / owed
        report({
          share,
          matching: total,
          way,
          plan,
          median: median(times),
          p95: quantile(times, 0.95),
          first,
          recall,
        })
      }
    }
  } finally {
    engine.close(false)
  }
}

function fill(
  engine: CollectionEngine,
  count: number,
  row: (at: number) => Float32Array,
  random: Random,
): void {
  const batch = 1000
  for (let start = 0; start < count; start += batch) {
    const rows = Array.from({ length: Math.min(batch, count - start) }, (_, i) => ({
      id: `item-${start + i}`,
      group: null,
      metadata: { rank: random() },
      contentHash: null,
    }))
    engine.putItems(rows, Float32Array.from(rows.flatMap((_, i) => [...row(start + i)])))
  }
  while (engine.unfinished) engine.work()
}
