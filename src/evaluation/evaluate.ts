import type { LabelledSet } from '../datasets/labelled-set.js'
import type { Embedder } from '../embedding/embedder.js'
import { KindredError } from '../errors.js'
import type { ImageLimits } from '../images/limits.js'
import type { Interval } from './bootstrap.js'
import type { EmbedFailure } from './embed-pictures.js'
import { embedSides, type EmbeddedSides } from './embed-sides.js'
import { clusteringNmi } from './nmi.js'
import { figuresByClass, type ClassFigures } from './per-class.js'
import type { Matrix } from './read-npy.js'
import { retrievalMetrics, type PerQuery } from './retrieval-metrics.js'
import { scoreIntervals } from './score-intervals.js'

export type EvaluatePhase = 'embedding' | 'retrieval' | 'clustering'

export interface EvaluateOptions {
  /** Looked through instead of the other queries; labels mean the same in both. */
  readonly gallery?: LabelledSet
  /** Embeddings at hand, one row for each picture of the set; then only the model's name is taken of the embedder. */
  readonly embeddings?: Matrix
  /** The K of recall@K; 1 is always among them. */
  readonly ks?: readonly number[]
  /** Of the starts of k-means and the resamples of the intervals. */
  readonly seed?: number
  readonly resamples?: number
  readonly limits?: ImageLimits
  readonly concurrency?: number
  readonly onProgress?: (phase: EvaluatePhase, done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** What `kindred evaluate --json` prints; figures are shares of 1. */
export interface Evaluation {
  /** `NAME@FINGERPRINT` of the bundle. */
  readonly model: string
  readonly data: string
  readonly recall: Readonly<Record<string, number>>
  readonly rPrecision: number
  readonly mapAtR: number
  /** Mean over three seeded starts; its spread is the standard deviation. */
  readonly nmi: number
  readonly nmiSpread: number
  /** 95 % bootstrap intervals by class, then query, named `recall@1`, `rPrecision`, `mapAtR`. */
  readonly intervals: Readonly<Record<string, Pick<Interval, 'low' | 'high'>>>
  readonly seed: number
  /** Hardest class first. */
  readonly perClass: readonly ClassFigures[]
  readonly counts: {
    readonly queries: number
    readonly leftOut: number
    readonly gallery: number
    readonly classes: number
    readonly failed: number
  }
}

export interface EvaluationResult {
  readonly evaluation: Evaluation
  /** Score of each query, for a paired comparison with another model. */
  readonly perQuery: PerQuery
  readonly failures: readonly EmbedFailure[]
  /** What was measured. */
  readonly sides: EmbeddedSides
}

/**
 * Measures retrieval on a labelled set. Without a gallery every picture asks for the others of its class; where the set
 * marks queries and gallery (`is_query`, `is_gallery`), those ask and those are looked through. NMI is that of the queries.
 *
 * @throws KindredError DATASET_INVALID when no query has another picture of its class; EMBEDDER_*
 */
export async function evaluateEmbedder(
  embedder: Embedder,
  set: LabelledSet,
  options: EvaluateOptions = {},
): Promise<EvaluationResult> {
  const { ks = [1, 2, 4, 8], seed = 0, resamples, onProgress, signal } = options
  const { gallery: given, embeddings, limits, concurrency } = options
  const sides = await embedSides(embedder, set, {
    ...(given && { gallery: given }),
    ...(embeddings && { embeddings }),
    ...(limits && { limits }),
    ...(concurrency !== undefined && { concurrency }),
    ...(onProgress && {
      onProgress: (done, total) => {
        onProgress('embedding', done, total)
      },
    }),
    ...(signal && { signal }),
  })
  const { queries, gallery, failures } = sides
  const metrics = await retrievalMetrics({
    queries,
    ...(gallery && { gallery }),
    ks: ks.includes(1) ? ks : [1, ...ks],
    ...(onProgress && {
      onProgress: (done, total) => {
        onProgress('retrieval', done, total)
      },
    }),
    ...(signal && { signal }),
  })
  if (metrics.counts.queries === 0) {
    throw new KindredError(
      'DATASET_INVALID',
      `No query of ${set.name} has another picture of its class to find`,
    )
  }
  const nmi = await clusteringNmi(queries, {
    seed,
    ...(onProgress && {
      onProgress: (done, total) => {
        onProgress('clustering', done, total)
      },
    }),
    ...(signal && { signal }),
  })
  return {
    evaluation: {
      model: embedder.model,
      data: set.name,
      recall: metrics.recall,
      rPrecision: metrics.rPrecision,
      mapAtR: metrics.mapAtR,
      nmi: nmi.mean,
      nmiSpread: nmi.spread,
      intervals: scoreIntervals(metrics.perQuery, metrics.perQuery.labels, {
        seed,
        ...(resamples !== undefined && { resamples }),
      }),
      seed,
      perClass: figuresByClass(metrics.perQuery),
      counts: { ...metrics.counts, failed: failures.length },
    },
    perQuery: metrics.perQuery,
    failures,
    sides,
  }
}

/** The rows that `kindred evaluate` measures on when no split is named: those of `test` where there are any, else all. */
export function testRows(set: LabelledSet): LabelledSet {
  const images = set.images.filter((image) => image.split === 'test')
  return images.length > 0 ? { ...set, images } : set
}
