import type { CalibrationCurve } from '../../bundles/calibration.js'
import type { ScoredPair } from './scored-pair.js'

const mostSteps = 100
const smallestStep = 1e-10

/**
 * Logistic regression of `same` on the score by Newton's method, with the targets of Platt (Probabilistic Outputs for
 * Support Vector Machines, 1999) in place of 0 and 1, which keep the curve finite where the classes part cleanly.
 * The slope is never negative: where the scores say the opposite of the truth, the curve is level.
 *
 * @param pairs at least one
 */
export function fitLogistic(pairs: readonly ScoredPair[]): CalibrationCurve {
  const same = pairs.filter((pair) => pair.same).length
  const different = pairs.length - same
  const [high, low] = [(same + 1) / (same + 2), 1 / (different + 2)]
  const target = (pair: ScoredPair): number => (pair.same ? high : low)
  const loss = (intercept: number, slope: number): number =>
    pairs.reduce((sum, pair) => {
      const logit = intercept + slope * pair.score
      return sum + softplus(logit) - target(pair) * logit
    }, 0)

  const meanTarget = (same * high + different * low) / pairs.length
  let [intercept, slope] = [Math.log(meanTarget / (1 - meanTarget)), 0]
  let reached = loss(intercept, slope)
  for (let step = 0; step < mostSteps; step++) {
    const change = newtonStep(pairs, target, intercept, slope)
    let length = 1
    while (
      length > smallestStep &&
      !(loss(intercept + length * change[0], slope + length * change[1]) < reached)
    ) {
      length /= 2
    }
    if (length <= smallestStep) break
    intercept += length * change[0]
    slope += length * change[1]
    reached = loss(intercept, slope)
    if (Math.abs(length * change[1]) < 1e-9 * (1 + Math.abs(slope))) break
  }
  return slope >= 0
    ? { method: 'logistic', slope, intercept }
    : { method: 'logistic', slope: 0, intercept: Math.log(meanTarget / (1 - meanTarget)) }
}

/** Where the quadratic at this point has its least value; a touch of ridge covers scores that are all alike. */
function newtonStep(
  pairs: readonly ScoredPair[],
  target: (pair: ScoredPair) => number,
  intercept: number,
  slope: number,
): [number, number] {
  let [g0, g1, h00, h01, h11] = [0, 0, 1e-9, 0, 1e-9]
  for (const pair of pairs) {
    const probability = 1 / (1 + Math.exp(-(intercept + slope * pair.score)))
    const error = probability - target(pair)
    const weight = probability * (1 - probability)
    g0 += error
    g1 += error * pair.score
    h00 += weight
    h01 += weight * pair.score
    h11 += weight * pair.score * pair.score
  }
  const determinant = h00 * h11 - h01 * h01
  return [-(h11 * g0 - h01 * g1) / determinant, -(h00 * g1 - h01 * g0) / determinant]
}

/** ln(1 + exp(x)) without overflow. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
