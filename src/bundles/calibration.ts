/**
 * What a score means: P(same class | score) of a pair that a search returns, for scores of one model. It describes the
 * model and is no part of what decides an embedding, so it never changes the fingerprint.
 */
export type Calibration = CalibrationCurve & CalibrationFacts

/** The curve itself. Probability never falls as the score rises. */
export type CalibrationCurve =
  | {
      readonly method: 'isotonic'
      /** [score, probability], both rising; straight lines between, level beyond the ends. */
      readonly knots: readonly (readonly [number, number])[]
    }
  | {
      readonly method: 'logistic'
      /** 1 / (1 + exp(-(intercept + slope * score))) */
      readonly slope: number
      readonly intercept: number
    }

export type CalibrationMethod = CalibrationCurve['method']

/** How the curve was found and how good it is. */
export interface CalibrationFacts {
  /** The labelled set that it was fitted on. */
  readonly data: string
  /** Of the halving of the classes. */
  readonly seed: number
  /** Nearest answers of each query that were looked at, the query itself left out. */
  readonly neighbours: number
  /** Pairs of query and answer, of the classes that were fitted on and of those that were reported on. */
  readonly pairs: { readonly fitted: number; readonly reported: number }
  /** Mean negative log likelihood in nats on the reported half; `constant` is that of the fitted half's mean. */
  readonly logLoss: Readonly<Record<CalibrationMethod | 'constant', number>>
  /** Of the chosen method on the reported half, by predicted probability; bins without a pair are left out. */
  readonly reliability: readonly ReliabilityBin[]
  /** What was searched: the same score means more in a small catalogue than in a large one. */
  readonly gallery: {
    readonly images: number
    readonly classes: number
    /** Mean number of pictures of a class. */
    readonly imagesPerClass: number
  }
}

export interface ReliabilityBin {
  /** Predicted probabilities from `from` up to, and only in the last bin including, `to`. */
  readonly from: number
  readonly to: number
  readonly pairs: number
  /** Mean predicted probability. */
  readonly predicted: number
  /** Share of the pairs that are of one class. */
  readonly observed: number
}

/**
 * Probability that two pictures of this score are of one class.
 *
 * @param score cosine similarity
 * @returns 0 to 1, never falling as the score rises
 */
export function applyCalibration(curve: CalibrationCurve, score: number): number {
  return curve.method === 'logistic'
    ? 1 / (1 + Math.exp(-(curve.intercept + curve.slope * score)))
    : interpolate(curve.knots, score)
}

function interpolate(knots: readonly (readonly [number, number])[], score: number): number {
  const above = firstAbove(knots, score)
  const lower = knots[above - 1]
  const upper = knots[above]
  if (lower === undefined) return upper?.[1] ?? NaN
  if (upper === undefined) return lower[1]
  const share = (score - lower[0]) / (upper[0] - lower[0])
  return lower[1] + share * (upper[1] - lower[1])
}

/** Place of the first knot whose score is above this one. */
function firstAbove(knots: readonly (readonly [number, number])[], score: number): number {
  let [low, high] = [0, knots.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((knots[middle]?.[0] ?? Infinity) <= score) low = middle + 1
    else high = middle
  }
  return low
}
