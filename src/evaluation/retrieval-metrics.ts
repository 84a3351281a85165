import { expected } from '../errors.js'
import { unitRows, type EmbeddedSet } from './embedded-set.js'
import { exactSearch } from './exact-search.js'
import { findOwnRows } from './find-own-rows.js'
import { addScores, emptyScores, type RankingScores } from './ranking-scores.js'

export interface RetrievalInput {
  readonly queries: EmbeddedSet
  /** Absent: every query is looked for among the other queries. */
  readonly gallery?: EmbeddedSet
  /** The K of recall@K. */
  readonly ks?: readonly number[]
  /** Told how many queries are done. */
  readonly onProgress?: (done: number, total: number) => void
  /** See `exactSearch`. */
  readonly threads?: number
  readonly signal?: AbortSignal
}

/** Scores of the queries that count, in their order. */
export interface PerQuery extends RankingScores {
  /** Row of each query in `queries`. */
  readonly rows: readonly number[]
  readonly labels: readonly string[]
}

/** Means over the queries that count, as shares of 1; NaN where none counts. */
export interface RetrievalMetrics {
  readonly recall: Readonly<Record<string, number>>
  readonly rPrecision: number
  readonly mapAtR: number
  readonly counts: {
    readonly queries: number
    /** Queries without another picture of their class in the gallery: in no mean. */
    readonly leftOut: number
    readonly gallery: number
    readonly classes: number
  }
  readonly perQuery: PerQuery
}

/**
 * Recall@K, R-precision and MAP@R by cosine (Musgrave, Belongie, Lim: A Metric Learning Reality Check, 2020). With R
 * pictures of the query's class in the gallery, R-precision is the share of them among the R nearest, and MAP@R the
 * mean over i = 1..R of precision@i where the i-th is of the class and 0 where it is not.
 *
 * A query is never its own neighbour, and one without another picture of its class is left out. Ties go to the
 * gallery row that comes first. Works in blocks: memory grows with the rows, never with their square.
 *
 * @throws KindredError INVALID_ARGUMENT, INVALID_EMBEDDING; the signal's reason when aborted
 */
export async function retrievalMetrics(input: RetrievalInput): Promise<RetrievalMetrics> {
  const { queries, ks = [1, 2, 4, 8], onProgress, threads, signal } = input
  for (const k of ks) if (!Number.isInteger(k) || k < 1) throw expected('positive whole numbers', 'ks', k)
  const gallery = input.gallery ?? queries
  if (gallery.dimensions !== queries.dimensions) {
    throw expected(`${queries.dimensions} dimensions`, 'gallery', gallery.dimensions)
  }
  const queryRows = unitRows(queries, 'queries')
  const galleryRows = gallery === queries ? queryRows : unitRows(gallery, 'gallery')
  const ownRow = findOwnRows(queries, gallery)
  const relevant = countRelevant(queries, gallery, ownRow)
  const counted = [...relevant.keys()].filter((row) => (relevant[row] ?? 0) > 0)

  const scores = emptyScores(ks)
  await exactSearch(
    { queries: queryRows, gallery: galleryRows, dimensions: queries.dimensions },
    {
      depth: (row) => {
        const r = relevant[row] ?? 0
        return r === 0 ? 0 : Math.min(gallery.labels.length, Math.max(r, ...ks))
      },
      own: ownRow,
      onAnswer: (row, { rows }) => {
        const label = queries.labels[row]
        const r = relevant[row] ?? 0
        if (r > 0)
          addScores(
            scores,
            Array.from(rows, (found) => gallery.labels[found] === label),
            r,
          )
      },
      ...(onProgress && { onProgress }),
      ...(threads !== undefined && { threads }),
      ...(signal && { signal }),
    },
  )

  return {
    recall: Object.fromEntries(Object.entries(scores.recall).map(([k, values]) => [k, mean(values)])),
    rPrecision: mean(scores.rPrecision),
    mapAtR: mean(scores.mapAtR),
    counts: {
      queries: counted.length,
      leftOut: queries.labels.length - counted.length,
      gallery: gallery.labels.length,
      classes: new Set(counted.map((row) => queries.labels[row])).size,
    },
    perQuery: { rows: counted, labels: counted.map((row) => queries.labels[row] ?? ''), ...scores },
  }
}

/** R of each query: gallery rows of its class, the query itself not among them. */
function countRelevant(queries: EmbeddedSet, gallery: EmbeddedSet, ownRow: Int32Array): number[] {
  const sizes = new Map<string, number>()
  for (const label of gallery.labels) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  return queries.labels.map((label, row) => {
    const own = ownRow[row] ?? -1
    return (sizes.get(label) ?? 0) - (own >= 0 && gallery.labels[own] === label ? 1 : 0)
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
