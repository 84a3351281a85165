import { completeSpec } from '../../../src/collections/collection-spec.js'
import type { Refinement } from '../../../src/collections/embedded/collection-calls.js'
import { CollectionEngine } from '../../../src/collections/embedded/collection-engine.js'
import { CollectionFolders } from '../../../src/collections/embedded/collection-folders.js'
import { defaultTuning } from '../../../src/collections/embedded/tuning.js'
import { bootstrapPairedDifference, type Interval } from '../../../src/evaluation/bootstrap.js'
import { unitRows, type EmbeddedSet } from '../../../src/evaluation/embedded-set.js'
import { precisionAtR } from '../../../src/evaluation/precision-at-r.js'
import { median, quantile } from '../../../src/bench/quantile.js'

/** A way of refining; null is the order by score. */
export interface Way {
  readonly name: string
  readonly refinement: Refinement | null
}

/** Shares of 1; `over` is the difference to the first way, with its 95 % interval over classes. */
export interface WayFigures {
  readonly name: string
  readonly recall1: number
  readonly recall10: number
  readonly mapAtR: number
  readonly over: { readonly recall1: Interval; readonly mapAtR: Interval }
  /** Milliseconds of processor time a query. */
  readonly median: number
  readonly p95: number
}

interface Scores {
  readonly recall1: number[]
  readonly recall10: number[]
  readonly mapAtR: number[]
  readonly times: number[]
}

/**
 * Asks a collection of labelled embeddings for each of some of its items, that item left out, in every way: exactly and in
 * this thread, so that the time is that of the search alone; processor time, so that other work on the machine is not in it.
 *
 * @param store a folder that does not exist yet
 * @param queries items asked for, evenly spread
 * @param onProgress told how many were asked
 */
export async function measureWays(
  store: string,
  set: EmbeddedSet,
  ways: readonly Way[],
  queries: number,
  onProgress: (done: number, total: number) => void,
): Promise<WayFigures[]> {
  const { labels, dimensions } = set
  const rows = unitRows(set, 'the set')
  const row = (at: number): Float32Array => rows.slice(at * dimensions, (at + 1) * dimensions)
  const folders = await CollectionFolders.open(store)
  folders.create('bench', completeSpec({ model: null, dimensions }))
  const engine = new CollectionEngine(
    folders.pathOf('bench'),
    { ...defaultTuning, scanBelow: Infinity },
    () => undefined,
  )
  try {
    const items = labels.map((_, at) => ({ id: String(at), group: null, metadata: {}, contentHash: null }))
    engine.putItems(items, Float32Array.from(rows))
    const sizes = new Map<string, number>()
    for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1)
    const asked = spread(labels.length, queries).filter((at) => (sizes.get(labels[at] ?? '') ?? 0) > 1)
    const scores = ways.map((): Scores => ({ recall1: [], recall10: [], mapAtR: [], times: [] }))
    for (const [done, at] of asked.entries()) {
      const label = labels[at] ?? ''
      const r = (sizes.get(label) ?? 0) - 1
      for (const [way, { refinement }] of ways.entries()) {
        const before = process.cpuUsage()
        const { hits } = engine.search({
          embedding: row(at),
          k: Math.max(r, 10),
          exact: true,
          excludeIds: [String(at)],
          ...(refinement && { refinement }),
        })
        const { user, system } = process.cpuUsage(before)
        scores[way]?.times.push((user + system) / 1000)
        const right = hits.map(({ id }) => labels[Number(id)] === label)
        scores[way]?.recall1.push(right[0] === true ? 1 : 0)
        scores[way]?.recall10.push(right.slice(0, 10).includes(true) ? 1 : 0)
        scores[way]?.mapAtR.push(precisionAtR(right, r).mapAtR)
      }
      onProgress(done + 1, asked.length)
    }
    const classes = asked.map((at) => labels[at] ?? '')
    return ways.map(({ name }, way) => figuresOf(name, scores[way], scores[0], classes))
  } finally {
    engine.close(false)
  }
}

const spread = (count: number, wanted: number): number[] =>
  wanted >= count
    ? Array.from({ length: count }, (_, at) => at)
    : Array.from({ length: wanted }, (_, at) => Math.floor((at * count) / wanted))

const none: Scores = { recall1: [], recall10: [], mapAtR: [], times: [] }

function figuresOf(
  name: string,
  scores: Scores = none,
  baseline: Scores = none,
  classes: readonly string[],
): WayFigures {
  const over = (measure: 'recall1' | 'mapAtR'): Interval =>
    bootstrapPairedDifference({ scores: scores[measure], baseline: baseline[measure], classes }, { seed: 0 })
  return {
    name,
    recall1: mean(scores.recall1),
    recall10: mean(scores.recall10),
    mapAtR: mean(scores.mapAtR),
    over: { recall1: over('recall1'), mapAtR: over('mapAtR') },
    median: median(scores.times),
    p95: quantile(scores.times, 0.95),
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
