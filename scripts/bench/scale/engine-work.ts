import { CollectionEngine } from '../../../src/collections/embedded/collection-engine.js'
import { hasManifest, readManifest } from '../../../src/collections/embedded/graph-manifest.js'
import { defaultTuning, type Tuning } from '../../../src/collections/embedded/tuning.js'
import { quantile } from '../../../src/bench/quantile.js'
import { collectionFolder, since } from './scale-folder.js'
import { k, type ScaleSettings } from './scale-settings.js'

/** How long a collection's thread works between calls, and what a search has to wait meanwhile. */
export interface EngineWork {
  readonly seconds: number
  /** The longest stretch at a time, in milliseconds: what a call waits for at most. */
  readonly longest: number
  /** Of searches in between, in milliseconds, without the wait. */
  readonly searchMedian: number
  readonly searchLongest: number
  /** Memory that opening and the work added, in bytes. */
  readonly memory: number
  /** Of the saved graph: 0 where there was none. */
  readonly nodes: { readonly before: number; readonly after: number }
}

/** A search takes this share of the time at most: while there is no graph it compares with everything. */
const searchShare = 0.02

/**
 * Opens the collection in this thread, where its work can be timed, lets it do all that it does between calls, and saves
 * its graph.
 */
export async function engineWork(
  settings: ScaleSettings,
  queries: readonly Float32Array[],
  tuning: Partial<Tuning> = {},
): Promise<EngineWork> {
  const rss = process.memoryUsage.rss()
  const folder = collectionFolder(settings)
  const before = savedNodes(folder)
  const engine = new CollectionEngine(folder, { ...defaultTuning, ...tuning }, () => undefined)
  const searches: number[] = []
  let longest = 0
  let nextSearch = performance.now() + 100
  const began = performance.now()
  let seconds = 0
  // A save waits for the disk beside: it is over when the turn of the event loop has come.
  for (let idle = 0; idle < 100; idle = engine.unfinished ? 0 : idle + 1) {
    if (engine.unfinished) {
      longest = Math.max(
        longest,
        timeOf(() => {
          engine.work()
        }),
      )
      seconds = since(began)
    }
    if (performance.now() > nextSearch) {
      const took = timeOf(() =>
        engine.search({ embedding: nextOf(queries, searches.length), k, exact: false }),
      )
      searches.push(took)
      nextSearch = performance.now() + took / searchShare
    }
    await new Promise((resolve) => (engine.unfinished ? setImmediate(resolve) : setTimeout(resolve, 1)))
  }
  const memory = process.memoryUsage.rss() - rss
  engine.close(true)
  return {
    seconds,
    longest,
    searchMedian: quantile(searches, 0.5),
    searchLongest: searches.reduce((a, b) => Math.max(a, b), 0),
    memory,
    nodes: { before, after: savedNodes(folder) },
  }
}

const savedNodes = (folder: string): number => (hasManifest(folder) ? readManifest(folder).nodes : 0)

function timeOf(work: () => unknown): number {
  const started = performance.now()
  work()
  return performance.now() - started
}

const nextOf = (queries: readonly Float32Array[], at: number): Float32Array =>
  queries[at % queries.length] ?? new Float32Array()
