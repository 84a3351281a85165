import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/datasets/random.js'
import { bootstrapMean, bootstrapPairedDifference } from '../../src/evaluation/bootstrap.js'

/** Correct or not, with a chance that each class has of its own: mean 0.6, and classes far apart. */
function simulate(
  random: () => number,
  shift = 0,
): { scores: number[]; baseline: number[]; classes: string[] } {
  const scores: number[] = []
  const baseline: number[] = []
  const classes: string[] = []
  for (let label = 0; label < 25; label++) {
    const chance = 0.2 + 0.8 * random()
    for (let n = 0; n < 12; n++) {
      scores.push(random() < chance ? 1 : 0)
      baseline.push(random() < chance - shift ? 1 : 0)
      classes.push(`c${label}`)
    }
  }
  return { scores, baseline, classes }
}

describe('bootstrap intervals', () => {
  it('hold the true mean about as often as they promise', () => {
    const random = createRandom(11)
    let held = 0
    for (let run = 0; run < 200; run++) {
      const { low, high } = bootstrapMean(simulate(random), { seed: run, resamples: 300 })
      if (low <= 0.6 && 0.6 <= high) held++
    }
    expect(held / 200).toBeGreaterThan(0.89)
  })

  it('would promise too much if they resampled queries alone', () => {
    const random = createRandom(11)
    let held = 0
    for (let run = 0; run < 200; run++) {
      const { scores } = simulate(random)
      const { low, high } = bootstrapMean(
        { scores, classes: scores.map((_, n) => String(n)) },
        { seed: run, resamples: 300 },
      )
      if (low <= 0.6 && 0.6 <= high) held++
    }
    expect(held / 200).toBeLessThan(0.85)
  })

  it('of a paired difference are above 0 for a clear gain and around 0 for none', () => {
    const gain = bootstrapPairedDifference(simulate(createRandom(1), 0.2), { seed: 1 })
    expect(gain.low).toBeGreaterThan(0)
    const none = bootstrapPairedDifference(simulate(createRandom(1), 0), { seed: 1 })
    expect(none.low).toBeLessThan(0)
    expect(none.high).toBeGreaterThan(0)
    expect(gain.high).toBeLessThan(0.6)
  })

  it('are narrower for two systems on the same queries than for one alone', () => {
    const { scores, baseline, classes } = simulate(createRandom(3))
    const width = ({ low, high }: { low: number; high: number }): number => high - low
    const paired = bootstrapPairedDifference({ scores, baseline, classes }, { seed: 1 })
    expect(paired.mean).toBeCloseTo(
      bootstrapMean({ scores, classes }, { seed: 1 }).mean -
        bootstrapMean({ scores: baseline, classes }, { seed: 1 }).mean,
      12,
    )
    expect(width(paired)).toBeLessThan(width(bootstrapMean({ scores, classes }, { seed: 1 })))
  })

  it('depend on the seed alone', () => {
    const data = simulate(createRandom(2))
    expect(bootstrapMean(data, { seed: 4 })).toEqual(bootstrapMean(data, { seed: 4 }))
    expect(bootstrapMean(data, { seed: 4 })).not.toEqual(bootstrapMean(data, { seed: 5 }))
  })

  it('widen with the confidence asked for, and close on a constant', () => {
    const data = simulate(createRandom(2))
    const wide = bootstrapMean(data, { seed: 1, confidence: 0.99 })
    const narrow = bootstrapMean(data, { seed: 1, confidence: 0.5 })
    expect(wide.low).toBeLessThan(narrow.low)
    expect(wide.high).toBeGreaterThan(narrow.high)
    expect(bootstrapMean({ scores: [0.5, 0.5], classes: ['a', 'b'] }, { seed: 1 })).toEqual({
      mean: 0.5,
      low: 0.5,
      high: 0.5,
    })
  })

  it('refuse data that do not fit', () => {
    expect(() => bootstrapMean({ scores: [], classes: [] }, { seed: 1 })).toThrow(/at least one/)
    expect(() => bootstrapMean({ scores: [1], classes: [] }, { seed: 1 })).toThrow(/1 classes/)
    expect(() => bootstrapMean({ scores: [NaN], classes: ['a'] }, { seed: 1 })).toThrow(/finite/)
    expect(() => bootstrapMean({ scores: [1], classes: ['a'] }, { seed: 1, confidence: 1 })).toThrow(
      /confidence/,
    )
    expect(() =>
      bootstrapPairedDifference({ scores: [1], baseline: [], classes: ['a'] }, { seed: 1 }),
    ).toThrow(/baseline/)
  })
})
