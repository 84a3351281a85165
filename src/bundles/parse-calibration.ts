import type { Calibration, CalibrationFacts, ReliabilityBin } from './calibration.js'
import {
  anyObject,
  finiteNumber,
  listOf,
  matching,
  oneOf,
  shape,
  text,
  wholeNumber,
  type Check,
  type Place,
} from './check.js'

const count = wholeNumber(0, Number.MAX_SAFE_INTEGER)
const share = matching(
  'a number from 0 to 1',
  (value): value is number => typeof value === 'number' && value >= 0 && value <= 1,
)
const notNegative = matching(
  'a number not below 0',
  (value): value is number => typeof value === 'number' && value >= 0 && value < Infinity,
)

const facts: Check<CalibrationFacts> = shape<CalibrationFacts>({
  data: text,
  seed: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  neighbours: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  pairs: shape({ fitted: count, reported: count }),
  logLoss: shape({ isotonic: notNegative, logistic: notNegative, constant: notNegative }),
  reliability: listOf(
    shape<ReliabilityBin>({ from: share, to: share, pairs: count, predicted: share, observed: share }),
  ),
  gallery: shape({ images: count, classes: count, imagesPerClass: notNegative }),
})

const knots = matching('at least one [score, probability], both rising, probabilities from 0 to 1', isCurve)

/** Checks the `calibration` of a parsed `model.json`. @throws KindredError with the place's code */
export const calibrationOf: Check<Calibration> = (value, place) => {
  const given = anyObject(value, place)
  const under = (field: string): Place => ({ ...place, at: `${place.at}/${field}` })
  const known = facts(value, place)
  switch (oneOf('isotonic', 'logistic')(given['method'], under('method'))) {
    case 'isotonic':
      return { method: 'isotonic', knots: knots(given['knots'], under('knots')), ...known }
    case 'logistic':
      return {
        method: 'logistic',
        slope: notNegative(given['slope'], under('slope')),
        intercept: finiteNumber(given['intercept'], under('intercept')),
        ...known,
      }
  }
}

/** Scores rise strictly, so that no two knots claim one score. */
function isCurve(value: unknown): value is [number, number][] {
  if (!Array.isArray(value) || value.length === 0) return false
  const entries: readonly unknown[] = value
  return entries.every((entry, index) => {
    if (!isPair(entry) || !(entry[1] >= 0 && entry[1] <= 1) || !Number.isFinite(entry[0])) return false
    const before = entries[index - 1]
    return !isPair(before) || (before[0] < entry[0] && before[1] <= entry[1])
  })
}

const isPair = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'number')
