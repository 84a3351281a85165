import { applyCalibration, type Calibration, type ReliabilityBin } from '../../bundles/calibration.js'
import { calibrateIfPossible } from '../calibrate.js'
import { logLoss } from '../calibration/log-loss.js'
import { reliabilityTable } from '../calibration/reliability.js'
import { searchPairs } from '../calibration/search-pairs.js'
import type { EmbeddedSet } from '../embedded-set.js'

/** How well probabilities hold on the measured set. */
export interface ReportedCalibration {
  readonly calibration: Calibration
  /** Whether the bundle has it; otherwise it was fitted on half of the classes of the measured set, for the report. */
  readonly ofBundle: boolean
  readonly reliability: readonly ReliabilityBin[]
  readonly pairs: number
  readonly logLoss: number
}

/** @returns null where the bundle has no calibration and the set is too small to fit one */
export async function reportCalibration(
  stored: Calibration | undefined,
  queries: EmbeddedSet,
  gallery: EmbeddedSet,
  options: { data: string; seed: number; signal?: AbortSignal },
): Promise<ReportedCalibration | null> {
  const { signal } = options
  if (stored !== undefined) {
    const pairs = (await searchPairs(queries, gallery, stored.neighbours, signal)).flat()
    const probability = (score: number): number => applyCalibration(stored, score)
    return {
      calibration: stored,
      ofBundle: true,
      reliability: reliabilityTable(pairs, probability),
      pairs: pairs.length,
      logLoss: logLoss(pairs, probability),
    }
  }
  const calibration = await calibrateIfPossible(queries, { ...options, gallery })
  if (calibration === null) return null
  const { method, reliability, pairs } = calibration
  return {
    calibration,
    ofBundle: false,
    reliability,
    pairs: pairs.reported,
    logLoss: calibration.logLoss[method],
  }
}
