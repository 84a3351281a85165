import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyCalibration } from '../../../src/bundles/calibration.js'
import { fitIsotonic } from '../../../src/evaluation/calibration/isotonic.js'
import type { ScoredPair } from '../../../src/evaluation/calibration/scored-pair.js'
import { anyPairs } from './any-pairs.js'

const pairs = (...given: [number, 0 | 1][]): ScoredPair[] =>
  given.map(([score, same]) => ({ score, same: same === 1 }))

describe('isotonic regression', () => {
  it('equals a case worked out by hand', () => {
    // Imagined: same at 0.1, different at 0.9. Groups: 0.1 (1/2), 0.3 (0/1), 0.5 (1/1), 0.7 (0/1), 0.8 (1/1), 0.9 (1/2).
    // Pooled: 0.1 and 0.3 give 1/3; 0.5 and 0.7 give 1/2; 0.8 and 0.9 give 2/3.
    const curve = fitIsotonic(pairs([0.5, 1], [0.1, 0], [0.9, 1], [0.3, 0], [0.7, 0], [0.8, 1]))
    expect(curve).toEqual({
      method: 'isotonic',
      knots: [
        [0.1, 1 / 3],
        [0.3, 1 / 3],
        [0.5, 1 / 2],
        [0.7, 1 / 2],
        [0.8, 2 / 3],
        [0.9, 2 / 3],
      ],
    })
  })

  it('counts pairs of equal score together, whatever their order', () => {
    const curve = fitIsotonic(pairs([0.2, 1], [0.2, 0], [0.2, 0], [0.6, 1], [0.6, 1]))
    expect(curve).toEqual({
      method: 'isotonic',
      knots: [
        [0.2, 2 / 4],
        [0.6, 2 / 3],
      ],
    })
  })

  it('has no answer of 0 or 1, however clear the case', () => {
    const clear = fitIsotonic(
      pairs(...Array.from({ length: 50 }, (_, n): [number, 0 | 1] => [n, n < 25 ? 0 : 1])),
    )
    expect(applyCalibration(clear, -1)).toBeCloseTo(1 / 26, 12)
    expect(applyCalibration(clear, 60)).toBeCloseTo(25 / 26, 12)
    expect(fitIsotonic(pairs([0.5, 1]))).toEqual({ method: 'isotonic', knots: [[0.5, 2 / 3]] })
  })

  it('never falls as the score rises and stays between 0 and 1', () => {
    fc.assert(
      fc.property(anyPairs, fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true })), (given, scores) => {
        const curve = fitIsotonic(given)
        const asked = [...scores, ...given.map(({ score }) => score)].sort((a, b) => a - b)
        let before = 0
        for (const score of asked) {
          const probability = applyCalibration(curve, score)
          expect(probability).toBeGreaterThan(0)
          expect(probability).toBeLessThan(1)
          // Interpolation between knots rounds.
          expect(probability).toBeGreaterThanOrEqual(before - 1e-12)
          before = probability
        }
      }),
    )
  })

  it('no step curve has a smaller squared error', () => {
    fc.assert(
      fc.property(
        anyPairs,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 }),
        (given, raw) => {
          // With the two imagined pairs, on which the fit was made.
          const sorted = given.map(({ score }) => score).sort((a, b) => a - b)
          const all = [
            ...given,
            { score: sorted[0] ?? 0, same: true },
            { score: sorted.at(-1) ?? 0, same: false },
          ]
          const curve = fitIsotonic(given)
          const levels = [...new Set(sorted)]
          const steps = raw.sort((a, b) => a - b)
          const other = (score: number): number =>
            steps[Math.min(levels.indexOf(score), steps.length - 1)] ?? 0.5
          const error = (of: (score: number) => number): number =>
            all.reduce((sum, { score, same }) => sum + (of(score) - (same ? 1 : 0)) ** 2, 0)
          expect(error((score) => applyCalibration(curve, score))).toBeLessThanOrEqual(error(other) + 1e-9)
        },
      ),
    )
  })
})
