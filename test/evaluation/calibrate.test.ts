import { describe, expect, it } from 'vitest'
import { applyCalibration } from '../../src/bundles/calibration.js'
import { calibrationOf } from '../../src/bundles/parse-calibration.js'
import { createRandom } from '../../src/datasets/random.js'
import { calibrate, calibrateIfPossible } from '../../src/evaluation/calibrate.js'
import { searchPairs } from '../../src/evaluation/calibration/search-pairs.js'
import type { EmbeddedSet } from '../../src/evaluation/embedded-set.js'

/** Classes as directions with noise around them. */
const clustered = (classes: number, each: number, noise: number, seed = 1): EmbeddedSet => {
  const random = createRandom(seed)
  const dimensions = 12
  const centres = Array.from({ length: classes * dimensions }, () => random() - 0.5)
  return {
    embeddings: Float32Array.from({ length: classes * each * dimensions }, (_, at) => {
      const [row, d] = [Math.floor(at / dimensions), at % dimensions]
      return (centres[(row % classes) * dimensions + d] ?? 0) + noise * (random() - 0.5)
    }),
    dimensions,
    labels: Array.from({ length: classes * each }, (_, row) => `c${row % classes}`),
  }
}

describe('the pairs that a search returns', () => {
  it('are each query with its nearest, itself left out', async () => {
    const set: EmbeddedSet = {
      embeddings: Float32Array.of(1, 0, 0.9, 0.1, 0, 1),
      dimensions: 2,
      labels: ['a', 'a', 'b'],
    }
    const pairs = await searchPairs(set, set, 1)
    expect(pairs.map((found) => found.map(({ same }) => same))).toEqual([[true], [true], [false]])
    expect(pairs[0]?.[0]?.score).toBeCloseTo(0.9 / Math.hypot(0.9, 0.1), 6)
    expect((await searchPairs(set, set, 20)).map((found) => found.length)).toEqual([2, 2, 2])
  })
})

describe('calibration', () => {
  it('tells near classes from far ones and says what it was fitted on', async () => {
    const set = clustered(20, 15, 0.7)
    const calibration = await calibrate(set, { data: 'made' })
    expect(calibration).toMatchObject({
      data: 'made',
      seed: 0,
      neighbours: 20,
      pairs: { fitted: 3000, reported: 3000 },
      gallery: { images: 300, classes: 20, imagesPerClass: 15 },
    })
    const { isotonic, logistic, constant } = calibration.logLoss
    expect(Math.min(isotonic, logistic)).toBeLessThan(0.8 * constant)
    expect(calibration.method).toBe(isotonic <= logistic ? 'isotonic' : 'logistic')
    expect(applyCalibration(calibration, 0.98)).toBeGreaterThan(0.8)
    expect(applyCalibration(calibration, 0.3)).toBeLessThan(0.4)
    const total = calibration.reliability.reduce((sum, { pairs }) => sum + pairs, 0)
    expect(total).toBe(3000)
    for (const { pairs, predicted, observed } of calibration.reliability) {
      if (pairs > 300) expect(Math.abs(predicted - observed)).toBeLessThan(0.15)
    }
    // What loadBundle reads back is what was written.
    const read: unknown = JSON.parse(JSON.stringify(calibration))
    expect(calibrationOf(read, { at: 'here', code: 'MODEL_CORRUPT' })).toEqual(calibration)
  })

  it('depends on the seed, not on the order of the pictures', async () => {
    const set = clustered(12, 6, 1)
    const backwards = {
      ...set,
      embeddings: Float32Array.from({ length: set.embeddings.length }, (_, at) => {
        const row = set.labels.length - 1 - Math.floor(at / 12)
        return set.embeddings[row * 12 + (at % 12)] ?? 0
      }),
      labels: set.labels.toReversed(),
    }
    const calibration = await calibrate(set, { data: 'made', seed: 4 })
    const again = await calibrate(backwards, { data: 'made', seed: 4 })
    expect(again.logLoss.isotonic).toBeCloseTo(calibration.logLoss.isotonic, 10)
    expect(again.logLoss.logistic).toBeCloseTo(calibration.logLoss.logistic, 10)
    const other = await calibrate(set, { data: 'made', seed: 5 })
    expect(other.logLoss.isotonic).not.toBeCloseTo(calibration.logLoss.isotonic, 10)
  })

  it('searches a gallery of its own', async () => {
    const queries = clustered(10, 4, 0.6)
    const gallery = clustered(10, 3, 0.6)
    const calibration = await calibrate(queries, { data: 'made', gallery, neighbours: 5 })
    expect(calibration).toMatchObject({
      pairs: { fitted: 100, reported: 100 },
      gallery: { images: 30, classes: 10, imagesPerClass: 3 },
    })
  })

  it('says so where there are too few classes', async () => {
    await expect(calibrate(clustered(1, 9, 1), { data: 'one' })).rejects.toMatchObject({
      code: 'DATASET_INVALID',
    })
    const alone = { ...clustered(8, 1, 1) }
    await expect(calibrate(alone, { data: 'alone' })).rejects.toThrow(/alone has too few classes/)
    expect(await calibrateIfPossible(alone, { data: 'alone' })).toBeNull()
    const wrong = calibrateIfPossible(clustered(8, 4, 1), { data: 'x', neighbours: 0 })
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})
