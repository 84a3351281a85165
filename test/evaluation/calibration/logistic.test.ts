import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyCalibration } from '../../../src/bundles/calibration.js'
import { createRandom } from '../../../src/datasets/random.js'
import { fitLogistic } from '../../../src/evaluation/calibration/logistic.js'
import { anyPairs } from './any-pairs.js'

describe('logistic regression', () => {
  it('finds the curve that the pairs were drawn from', () => {
    const random = createRandom(3)
    const truth = { method: 'logistic', slope: 8, intercept: -5 } as const
    const pairs = Array.from({ length: 40_000 }, () => {
      const score = random()
      return { score, same: random() < applyCalibration(truth, score) }
    })
    const fitted = fitLogistic(pairs)
    for (const score of [0, 0.3, 0.5, 0.7, 1]) {
      expect(applyCalibration(fitted, score)).toBeCloseTo(applyCalibration(truth, score), 1.5)
    }
  })

  it('equals the targets of Platt where there are only two scores', () => {
    // Two points, two parameters: the curve passes through the mean target of each.
    const pairs = [
      ...Array.from({ length: 4 }, (_, n) => ({ score: 0, same: n < 1 })),
      ...Array.from({ length: 4 }, (_, n) => ({ score: 1, same: n < 3 })),
    ]
    const [high, low] = [5 / 6, 1 / 6]
    const fitted = fitLogistic(pairs)
    expect(applyCalibration(fitted, 0)).toBeCloseTo((high + 3 * low) / 4, 8)
    expect(applyCalibration(fitted, 1)).toBeCloseTo((3 * high + low) / 4, 8)
  })

  it('stays finite where scores part the classes, and is level where they say the opposite', () => {
    const apart = Array.from({ length: 40 }, (_, n) => ({ score: n / 40, same: n >= 20 }))
    const steep = fitLogistic(apart)
    expect(applyCalibration(steep, 0)).toBeGreaterThan(0)
    expect(applyCalibration(steep, 1)).toBeGreaterThan(0.9)
    expect(applyCalibration(steep, 1)).toBeLessThan(1)
    const opposite = fitLogistic(apart.map(({ score, same }) => ({ score, same: !same })))
    expect(opposite).toMatchObject({ slope: 0 })
    expect(applyCalibration(opposite, 0.2)).toBeCloseTo(0.5, 10)
  })

  it('never falls, is between 0 and 1, and has no gradient left unless it is level', () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        const curve = fitLogistic(pairs)
        if (curve.method !== 'logistic') throw new Error('not logistic')
        expect(curve.slope).toBeGreaterThanOrEqual(0)
        const scores = pairs.map(({ score }) => score)
        for (const score of [-1, ...scores, 1]) {
          expect(applyCalibration(curve, score)).toBeGreaterThanOrEqual(0)
          expect(applyCalibration(curve, score)).toBeLessThanOrEqual(1)
        }
        const same = pairs.filter((pair) => pair.same).length
        const [high, low] = [(same + 1) / (same + 2), 1 / (pairs.length - same + 2)]
        const errors = pairs.map(({ score, same: is }) => applyCalibration(curve, score) - (is ? high : low))
        expect(errors.reduce((sum, error) => sum + error, 0)).toBeCloseTo(0, 3)
        if (curve.slope > 0) {
          expect(errors.reduce((sum, error, n) => sum + error * (scores[n] ?? NaN), 0)).toBeCloseTo(0, 3)
        }
      }),
    )
  })
})
