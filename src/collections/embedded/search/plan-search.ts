import type { SearchPlan } from '../../collection-store.js'

/** What a plan depends on. */
export interface Situation {
  /** Whether the answer must be exact. */
  readonly exact: boolean
  /** Embeddings of the collection. */
  readonly size: number
  /** How many of them match the filter; null without one. */
  readonly matching: number | null
  /** Points that the walk through the graph holds on to: `ef`, or `k` where that is more. */
  readonly breadth: number
  /** Links of each point. */
  readonly m: number
  /** Embeddings that the graph does not have yet; null where there is no graph. */
  readonly lacking: number | null
}

/**
 * What a point costs that a walk with a filter is expected to look at, in comparisons of a scan. At 20,000 x 128 the two
 * were even where 12 % matched, which would be 0.2 (`npm run bench:filters`); the scan is preferred while it takes no
 * longer than twice the walk, because it is exact.
 */
const filteredPointCost = 0.5

/**
 * Chooses the cheaper way. A walk looks at about `m` neighbours of each of `breadth` points; with a filter it goes on
 * until it holds `breadth` points that match, so that it looks at more the fewer match, and a scan at fewer.
 */
export function planSearch(situation: Situation): SearchPlan {
  const { exact, size, matching, breadth, m, lacking } = situation
  const walkable = !exact && lacking !== null && lacking * 2 <= size
  const walk = breadth * m
  if (matching === null) return walkable && walk < size ? 'graph' : 'scan'
  const filteredWalk = (walk * filteredPointCost * size) / Math.max(1, matching)
  return walkable && filteredWalk < matching ? 'filtered-graph' : 'filtered-scan'
}
