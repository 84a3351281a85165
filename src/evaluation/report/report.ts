import type { BundleManifest } from '../../bundles/manifest.js'
import type { EmbedFailure } from '../embed-pictures.js'
import type { Evaluation } from '../evaluate.js'
import type { EmbeddingMap } from './embedding-map.js'
import type { ExampleAnswer } from './examples.js'
import type { TrainingCurves } from './read-training-log.js'
import type { ReportedCalibration } from './report-calibration.js'
import type { ScoreHistograms } from './score-histograms.js'

/** Everything that the page shows. */
export interface Report {
  readonly evaluation: Evaluation
  readonly manifest: BundleManifest
  readonly histograms: ScoreHistograms
  /** null where the bundle has none and the set is too small for one. */
  readonly calibration: ReportedCalibration | null
  readonly best: readonly ShownExample[]
  readonly worst: readonly ShownExample[]
  /** null where there are too few pictures. */
  readonly map: EmbeddingMap | null
  /** null where no log was given. */
  readonly training: TrainingCurves | null
  /** Where it was measured: names and values. */
  readonly environment: readonly (readonly [string, string])[]
  readonly failures: readonly EmbedFailure[]
}

/** A picture on the page. */
export interface ShownPicture {
  readonly label: string
  /** File name. */
  readonly name: string
  /** Data URI; null where the file has gone since it was embedded. */
  readonly source: string | null
}

export interface ShownExample {
  readonly query: ShownPicture
  readonly mapAtR: number
  readonly answers: readonly (ShownPicture & Pick<ExampleAnswer, 'score' | 'right'>)[]
}
