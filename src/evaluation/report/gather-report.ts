import path from 'node:path'
import type { BundleManifest } from '../../bundles/manifest.js'
import type { LabelledImage } from '../../datasets/labelled-set.js'
import type { ImageLimits } from '../../images/limits.js'
import type { EvaluationResult } from '../evaluate.js'
import { embeddingMap } from './embedding-map.js'
import { findExamples, type Example } from './examples.js'
import type { Report, ShownExample, ShownPicture } from './report.js'
import type { TrainingCurves } from './read-training-log.js'
import { reportCalibration } from './report-calibration.js'
import { scoreHistograms } from './score-histograms.js'
import { thumbnail } from './thumbnail.js'

export interface GatherOptions {
  readonly manifest: BundleManifest
  readonly training: TrainingCurves | null
  readonly environment: readonly (readonly [string, string])[]
  readonly limits?: ImageLimits
  /** Told how far the map is, which takes longest. */
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** Queries shown on each side. */
const shownQueries = 6

/**
 * Works out what the page shows beyond the figures: histograms, calibration, examples with pictures, the map.
 *
 * @throws the signal's reason when aborted
 */
export async function gatherReport(result: EvaluationResult, options: GatherOptions): Promise<Report> {
  const { manifest, training, environment, limits, onProgress, signal } = options
  const { evaluation, perQuery, failures, sides } = result
  const { queries, gallery = sides.queries } = sides
  const { seed, data } = evaluation
  const until = signal && { signal }
  const calibration = await reportCalibration(manifest.calibration, queries, gallery, {
    data,
    seed,
    ...until,
  })
  const { best, worst } = await findExamples(queries, gallery, perQuery, shownQueries)
  signal?.throwIfAborted()
  return {
    evaluation,
    manifest,
    histograms: scoreHistograms(queries, gallery, seed),
    calibration,
    best: await show(best, limits),
    worst: await show(worst, limits),
    map: await embeddingMap(queries, { seed, ...until, ...(onProgress && { onProgress }) }),
    training,
    environment,
    failures,
  }
}

function show(examples: readonly Example[], limits: ImageLimits | undefined): Promise<ShownExample[]> {
  return Promise.all(
    examples.map(async ({ image, mapAtR, answers }) => ({
      query: await toPicture(image, limits),
      mapAtR,
      answers: await Promise.all(
        answers.map(async ({ image: answer, score, right }) => ({
          ...(await toPicture(answer, limits)),
          score,
          right,
        })),
      ),
    })),
  )
}

const toPicture = async (image: LabelledImage, limits: ImageLimits | undefined): Promise<ShownPicture> => ({
  label: image.label,
  name: path.basename(image.path),
  // It was read a moment ago; a page with one picture less is better than none.
  source: await thumbnail(image, limits).catch(() => null),
})
