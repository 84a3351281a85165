import {
  applyCalibration,
  type Calibration,
  type CalibrationCurve,
  type CalibrationMethod,
} from '../bundles/calibration.js'
import { createRandom, shuffle } from '../datasets/random.js'
import { expected, KindredError } from '../errors.js'
import { fitIsotonic } from './calibration/isotonic.js'
import { fitLogistic } from './calibration/logistic.js'
import { logLoss } from './calibration/log-loss.js'
import { reliabilityTable } from './calibration/reliability.js'
import type { ScoredPair } from './calibration/scored-pair.js'
import { searchPairs } from './calibration/search-pairs.js'
import type { EmbeddedSet } from './embedded-set.js'

export interface CalibrateOptions {
  /** Name of the labelled set, for the record. */
  readonly data: string
  /** Searched instead of the other queries. */
  readonly gallery?: EmbeddedSet
  /** Of the halving of the classes. */
  readonly seed?: number
  /** Nearest answers of a query that count. */
  readonly neighbours?: number
  readonly signal?: AbortSignal
}

/**
 * Finds what a score means, from the pairs that a search returns. Each class falls into one of two halves; isotonic and
 * logistic regression are fitted on the pairs of one half's queries, and the other half's choose between them by log
 * loss and tell how good the choice is. Both halves search the whole gallery, for the share of wrong answers at a score
 * grows with what is searched.
 *
 * @throws KindredError DATASET_INVALID where a half has no pair of one class or none of two; INVALID_ARGUMENT,
 * INVALID_EMBEDDING; the signal's reason when aborted
 */
export async function calibrate(queries: EmbeddedSet, options: CalibrateOptions): Promise<Calibration> {
  const { data, gallery = queries, seed = 0, neighbours = 20, signal } = options
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw expected('a positive whole number', 'neighbours', neighbours)
  }
  const pairs = await searchPairs(queries, gallery, neighbours, signal)
  const { fitted, reported } = halve(queries.labels, pairs, seed)
  refuseOneSided(fitted, data)
  refuseOneSided(reported, data)

  const curves = { isotonic: fitIsotonic(fitted), logistic: fitLogistic(fitted) }
  const mean = fitted.filter(({ same }) => same).length / fitted.length
  const losses = {
    isotonic: logLoss(reported, by(curves.isotonic)),
    logistic: logLoss(reported, by(curves.logistic)),
    constant: logLoss(reported, () => mean),
  }
  const method: CalibrationMethod = losses.isotonic <= losses.logistic ? 'isotonic' : 'logistic'
  const classes = new Set(gallery.labels).size
  return {
    ...curves[method],
    data,
    seed,
    neighbours,
    pairs: { fitted: fitted.length, reported: reported.length },
    logLoss: losses,
    reliability: reliabilityTable(reported, by(curves[method])),
    gallery: {
      images: gallery.labels.length,
      classes,
      imagesPerClass: gallery.labels.length / classes,
    },
  }
}

/** As `calibrate`, for a set that may be too small. @returns null where it is */
export async function calibrateIfPossible(
  queries: EmbeddedSet,
  options: CalibrateOptions,
): Promise<Calibration | null> {
  try {
    return await calibrate(queries, options)
  } catch (thrown) {
    if (thrown instanceof KindredError && thrown.code === 'DATASET_INVALID') return null
    throw thrown
  }
}

const by =
  (curve: CalibrationCurve) =>
  (score: number): number =>
    applyCalibration(curve, score)

/** Pairs by the half that their query's class fell into. */
function halve(
  labels: readonly string[],
  pairs: readonly (readonly ScoredPair[])[],
  seed: number,
): { fitted: ScoredPair[]; reported: ScoredPair[] } {
  // Sorted, so that the halves do not depend on the order of the pictures.
  const classes = shuffle([...new Set(labels)].sort(), createRandom(seed))
  const chosen = new Set(classes.slice(0, Math.ceil(classes.length / 2)))
  const half = (isFitted: boolean): ScoredPair[] =>
    pairs.filter((_, query) => chosen.has(labels[query] ?? '') === isFitted).flat()
  return { fitted: half(true), reported: half(false) }
}

function refuseOneSided(pairs: readonly ScoredPair[], data: string): void {
  if (pairs.some(({ same }) => same) && pairs.some(({ same }) => !same)) return
  throw new KindredError('DATASET_INVALID', `${data} has too few classes to calibrate on`, {
    hint: 'Scores can be calibrated on at least 4 classes with several pictures each, better on 20 or more.',
  })
}
