import { describe, expect, it } from 'vitest'
import { rateAt } from '../../src/training/schedule.js'

const schedule = { warmUpSteps: 10, totalSteps: 110, finalRate: 0.01 }

describe('the learning rate', () => {
  it('rises evenly from above 0 to the highest', () => {
    const rates = Array.from({ length: 11 }, (_, step) => rateAt(step, schedule))
    rates.slice(1).forEach((rate, i) => {
      expect(rate - (rates[i] ?? NaN)).toBeCloseTo(1 / 11)
    })
    expect(rates[0]).toBeGreaterThan(0)
    expect(rates[10]).toBe(1)
  })

  it('then falls along half a cosine to its end, and stays there', () => {
    expect(rateAt(60, schedule)).toBeCloseTo((1 + 0.01) / 2)
    expect(rateAt(110, schedule)).toBeCloseTo(0.01)
    expect(rateAt(500, schedule)).toBeCloseTo(0.01)
    for (let step = 10; step < 110; step++) {
      expect(rateAt(step + 1, schedule)).toBeLessThan(rateAt(step, schedule))
    }
  })

  it('works without warm-up and for a single step', () => {
    expect(rateAt(0, { warmUpSteps: 0, totalSteps: 1, finalRate: 0 })).toBe(1)
  })
})
