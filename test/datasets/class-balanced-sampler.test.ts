import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClassBalancedSampler } from '../../src/datasets/class-balanced-sampler.js'

const labelsOf = (sizes: readonly number[]): string[] =>
  sizes.flatMap((size, label) => new Array<string>(size).fill(`c${label}`))
const counts = (values: readonly unknown[]): number[] => {
  const seen = new Map<unknown, number>()
  for (const value of values) seen.set(value, (seen.get(value) ?? 0) + 1)
  return [...seen.values()]
}
const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values)

const anySettings = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 12 }),
    imagesPerClass: fc.integer({ min: 1, max: 6 }),
    seed: fc.integer(),
  })
  .chain((settings) =>
    fc.record({
      settings: fc.constant(settings),
      classesPerBatch: fc.integer({ min: 1, max: settings.sizes.length }),
    }),
  )

describe('class-balanced batches', () => {
  it('hold P classes of K images each, side by side, none twice unless the class is smaller than K', () => {
    fc.assert(
      fc.property(anySettings, ({ settings: { sizes, imagesPerClass, seed }, classesPerBatch }) => {
        const labels = labelsOf(sizes)
        const sampler = createClassBalancedSampler(labels, { classesPerBatch, imagesPerClass, seed })
        for (let n = 0; n < 12; n++) {
          const batch = sampler.next()
          expect(batch).toHaveLength(sampler.batchSize)
          const groups = Array.from({ length: classesPerBatch }, (_, c) =>
            batch.slice(c * imagesPerClass, (c + 1) * imagesPerClass),
          )
          const classes = groups.map((group) => new Set(group.map((index) => labels[index])))
          expect(classes.every((group) => group.size === 1)).toBe(true)
          expect(new Set(classes.flatMap((group) => [...group])).size).toBe(classesPerBatch)
          for (const group of groups) {
            const size = labels.filter((label) => label === labels[group[0] ?? -1]).length
            expect(new Set(group).size).toBe(Math.min(size, imagesPerClass))
          }
        }
      }),
    )
  })

  it('visit all classes equally often, and all images of a class', () => {
    const labels = labelsOf([3, 50, 7, 4, 4, 11, 20])
    const sampler = createClassBalancedSampler(labels, { classesPerBatch: 3, imagesPerClass: 2, seed: 5 })
    const drawn: number[] = []
    for (let n = 0; n < 100; n++) {
      drawn.push(...sampler.next())
      const perClass = counts(drawn.map((index) => labels[index]))
      if (n >= 3) expect(spread(perClass)).toBeLessThanOrEqual(2)
    }
    for (const label of new Set(labels)) {
      expect(spread(counts(drawn.filter((index) => labels[index] === label)))).toBeLessThanOrEqual(1)
    }
  })

  it('go on bit for bit from a saved state', () => {
    fc.assert(
      fc.property(
        anySettings,
        fc.nat(30),
        ({ settings: { sizes, imagesPerClass, seed }, classesPerBatch }, skip) => {
          const labels = labelsOf(sizes)
          const settings = { classesPerBatch, imagesPerClass, seed }
          const sampler = createClassBalancedSampler(labels, settings)
          for (let n = 0; n < skip; n++) sampler.next()
          const resumed = createClassBalancedSampler(labels, settings, sampler.state())
          for (let n = 0; n < 5; n++) expect(resumed.next()).toEqual(sampler.next())
          expect(resumed.state()).toEqual(sampler.state())
        },
      ),
    )
  })

  it('differ by seed', () => {
    const settings = { classesPerBatch: 4, imagesPerClass: 2 }
    const labels = labelsOf(new Array<number>(30).fill(5))
    const first = (seed: number): number[] => createClassBalancedSampler(labels, { ...settings, seed }).next()
    expect(first(1)).toEqual(first(1))
    expect(first(1)).not.toEqual(first(2))
  })

  it('make an epoch of as many pictures as there are, rounded up', () => {
    const settings = { classesPerBatch: 2, imagesPerClass: 4, seed: 1 }
    expect(createClassBalancedSampler(labelsOf([8, 8]), settings).batchesPerEpoch).toBe(2)
    expect(createClassBalancedSampler(labelsOf([8, 9]), settings).batchesPerEpoch).toBe(3)
  })

  it('refuse more classes than there are, with a hint', () => {
    const settings = { classesPerBatch: 3, imagesPerClass: 2, seed: 1 }
    expect(() => createClassBalancedSampler(labelsOf([2, 2]), settings)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        hint: expect.stringContaining('2 or less') as string,
      }),
    )
  })
})
