import type { LabelledSet } from '../datasets/labelled-set.js'
import type { Embedder } from '../embedding/embedder.js'
import { KindredError } from '../errors.js'
import type { ImageLimits } from '../images/limits.js'
import { bootstrapMean, type Interval } from './bootstrap.js'
import { embedSet, type EmbedFailure, type EmbedSetResult } from './embed-set.js'
import { clusteringNmi } from './nmi.js'
import { retrievalMetrics, type PerQuery } from './retrieval-metrics.js'

export interface EvaluateOptions {
  /** Looked through instead of the other queries; labels mean the same in both. */
  readonly gallery?: LabelledSet
  readonly ks?: readonly number[]
  /** Of the starts of k-means and the resamples of the intervals. */
  readonly seed?: number
  readonly resamples?: number
  readonly limits?: ImageLimits
  readonly concurrency?: number
  readonly onProgress?: (phase: 'embedding' | 'retrieval', done: number, total: number) => void
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
  const { ks, seed = 0, resamples, onProgress, signal } = options
  const { queries, gallery } = await embedSides(embedder, set, options)
  const metrics = await retrievalMetrics({
    queries,
    ...(gallery && { gallery }),
    ...(ks && { ks }),
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
  const nmi = clusteringNmi(queries, { seed, ...(signal && { signal }) })
  const failures = [...queries.failures, ...(gallery?.failures ?? [])]
  return {
    evaluation: {
      model: embedder.model,
      data: set.name,
      recall: metrics.recall,
      rPrecision: metrics.rPrecision,
      mapAtR: metrics.mapAtR,
      nmi: nmi.mean,
      nmiSpread: nmi.spread,
      intervals: intervalsOf(metrics.perQuery, seed, resamples),
      seed,
      counts: { ...metrics.counts, failed: failures.length },
    },
    perQuery: metrics.perQuery,
    failures,
  }
}

/** The rows that `kindred evaluate` measures on when no split is named: those of `test` where there are any, else all. */
export function testRows(set: LabelledSet): LabelledSet {
  const images = set.images.filter((image) => image.split === 'test')
  return images.length > 0 ? { ...set, images } : set
}

async function embedSides(
  embedder: Embedder,
  set: LabelledSet,
  options: EvaluateOptions,
): Promise<{ queries: EmbedSetResult; gallery?: EmbedSetResult }> {
  const { onProgress } = options
  const sides = splitRoles(set, options.gallery)
  const total = sides.queries.images.length + (sides.gallery?.images.length ?? 0)
  const embed = (side: LabelledSet, before: number): Promise<EmbedSetResult> =>
    embedSet(embedder, side, {
      ...(options.limits && { limits: options.limits }),
      ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
      ...(options.signal && { signal: options.signal }),
      ...(onProgress && {
        onProgress: (done) => {
          onProgress('embedding', before + done, total)
        },
      }),
    })
  const queries = await embed(sides.queries, 0)
  if (sides.gallery === undefined) return { queries }
  return { queries, gallery: await embed(sides.gallery, sides.queries.images.length) }
}

function splitRoles(
  set: LabelledSet,
  gallery?: LabelledSet,
): { queries: LabelledSet; gallery?: LabelledSet } {
  const marked = set.images.some((image) => image.isQuery !== undefined || image.isGallery !== undefined)
  if (!marked) return { queries: set, ...(gallery && { gallery }) }
  return {
    queries: { ...set, images: set.images.filter((image) => image.isQuery === true) },
    gallery: gallery ?? { ...set, images: set.images.filter((image) => image.isGallery === true) },
  }
}

function intervalsOf(
  perQuery: PerQuery,
  seed: number,
  resamples: number | undefined,
): Record<string, Pick<Interval, 'low' | 'high'>> {
  const named: [string, readonly number[]][] = [
    ...Object.entries(perQuery.recall).map(([k, scores]): [string, readonly number[]] => [
      `recall@${k}`,
      scores,
    ]),
    ['rPrecision', perQuery.rPrecision],
    ['mapAtR', perQuery.mapAtR],
  ]
  return Object.fromEntries(
    named.map(([name, scores]) => {
      const options = { seed, ...(resamples !== undefined && { resamples }) }
      const { low, high } = bootstrapMean({ scores, classes: perQuery.labels }, options)
      return [name, { low, high }]
    }),
  )
}
