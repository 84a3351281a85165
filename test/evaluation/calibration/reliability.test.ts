import { describe, expect, it } from 'vitest'
import { logLoss } from '../../../src/evaluation/calibration/log-loss.js'
import { reliabilityTable } from '../../../src/evaluation/calibration/reliability.js'

const itself = (score: number): number => score

describe('a reliability table', () => {
  it('sets what was predicted beside what came true, bin by bin', () => {
    const pairs = [
      { score: 0.02, same: false },
      { score: 0.08, same: true },
      { score: 0.62, same: true },
      { score: 1, same: true },
    ]
    const table = reliabilityTable(pairs, itself)
    expect(table.map(({ from, to, pairs: count }) => [from, to, count])).toEqual([
      [0, 0.1, 2],
      [0.6, 0.7, 1],
      [0.9, 1, 1],
    ])
    expect(table[0]?.predicted).toBeCloseTo(0.05, 12)
    expect(table[0]?.observed).toBe(0.5)
    expect(table[2]).toMatchObject({ predicted: 1, observed: 1 })
  })
})

describe('log loss', () => {
  it('equals a case worked out by hand', () => {
    const pairs = [
      { score: 0.8, same: true },
      { score: 0.25, same: false },
    ]
    expect(logLoss(pairs, itself)).toBeCloseTo((Math.log(1 / 0.8) + Math.log(1 / 0.75)) / 2, 12)
  })

  it('is large but finite for a sure and wrong answer', () => {
    expect(logLoss([{ score: 1, same: false }], itself)).toBeCloseTo(Math.log(1e12), 6)
  })
})
