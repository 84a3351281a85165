import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSampler, samplerNames } from '../../src/datasets/create-sampler.js'
import { createDistanceAwareSampler, refreshDelay } from '../../src/datasets/distance-aware-sampler.js'
import { createRandomSampler } from '../../src/datasets/random-sampler.js'
import type { SamplerState } from '../../src/datasets/sampler.js'

const labelsOf = (sizes: readonly number[]): string[] =>
  sizes.flatMap((size, label) => new Array<string>(size).fill(`c${String(label).padStart(2, '0')}`))
const throughJson = (state: SamplerState): SamplerState => JSON.parse(JSON.stringify(state)) as SamplerState
/** Classes on a circle, so that a class's nearest are its neighbours by number. */
const circle = (count: number): Map<string, Float32Array> =>
  new Map(
    Array.from({ length: count }, (_, n) => {
      const turn = (2 * Math.PI * n) / count
      return [`c${String(n).padStart(2, '0')}`, Float32Array.of(Math.cos(turn), Math.sin(turn))] as const
    }),
  )

describe.each(samplerNames)('the %s sampler', (name) => {
  const settings = { classesPerBatch: 4, imagesPerClass: 3, seed: 7 }

  it('goes on from a saved state with the very next batch, batches drawn ahead left out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 4, maxLength: 9 }),
        fc.nat(20),
        fc.nat(4),
        (sizes, used, ahead) => {
          const labels = labelsOf(sizes)
          const sampler = createSampler(name, labels, settings)
          const batches = Array.from({ length: used + ahead }, () => sampler.next())
          const resumed = createSampler(name, labels, settings, throughJson(sampler.state(used)))
          for (const batch of batches.slice(used)) expect(resumed.next()).toEqual(batch)
          expect(resumed.next()).toEqual(sampler.next())
          expect(resumed.state()).toEqual(sampler.state())
        },
      ),
    )
  })

  it('differs by seed, and fills every batch also from classes of one image', () => {
    const labels = labelsOf([1, 1, 1, 5, 1, 9])
    const first = (seed: number): number[] => createSampler(name, labels, { ...settings, seed }).next()
    expect(first(1)).toEqual(first(1))
    expect(first(1)).not.toEqual(first(2))
    const sampler = createSampler(name, labels, settings)
    expect(sampler).toMatchObject({ batchSize: 12, batchesPerEpoch: 2 })
    for (let n = 0; n < 20; n++) {
      const batch = sampler.next()
      expect(batch).toHaveLength(12)
      expect(batch.every((index) => Number.isInteger(index) && index >= 0 && index < labels.length)).toBe(
        true,
      )
    }
  })

  it('refuses a batch of no class or of no image', () => {
    for (const wrong of [{ classesPerBatch: 0 }, { imagesPerClass: 1.5 }]) {
      expect(() => createSampler(name, labelsOf([2, 2, 2, 2]), { ...settings, ...wrong })).toThrow(
        /positive whole/,
      )
    }
  })
})

describe('random batches', () => {
  it('draw every image once before any comes again, none twice in a batch', () => {
    const sampler = createRandomSampler(labelsOf([1, 30, 4]), {
      classesPerBatch: 3,
      imagesPerClass: 4,
      seed: 3,
    })
    const drawn = new Map<number, number>()
    for (let n = 0; n < 35; n++) {
      const batch = sampler.next()
      expect(new Set(batch).size).toBe(12)
      for (const index of batch) drawn.set(index, (drawn.get(index) ?? 0) + 1)
    }
    // 35 batches of 12 are 12 rounds of 35.
    expect([...drawn.values()]).toEqual(new Array(35).fill(12))
  })
})

describe('distance-aware batches', () => {
  const count = 24
  const labels = labelsOf(new Array<number>(count).fill(5))
  const settings = { classesPerBatch: 8, imagesPerClass: 2, seed: 11 }
  const classesIn = (batch: readonly number[]): number[] => [
    ...new Set(batch.map((index) => Math.floor(index / 5))),
  ]
  /** How many of a batch's classes have a neighbour on the circle in it. */
  const beside = (classes: readonly number[]): number =>
    classes.filter((one) => [1, count - 1].some((step) => classes.includes((one + step) % count))).length

  it('hold P different classes of K different images, side by side, near ones together after a refresh', () => {
    const sampler = createDistanceAwareSampler(labels, settings)
    sampler.refresh(circle(count), 0)
    let scattered = 0
    for (let n = 0; n < refreshDelay + 40; n++) {
      const batch = sampler.next()
      expect(new Set(batch).size).toBe(16)
      const classes = classesIn(batch)
      expect(classes).toHaveLength(8)
      expect(batch.map((index) => Math.floor(index / 5))).toEqual(classes.flatMap((one) => [one, one]))
      // Two groups of four around a class each: nobody is alone.
      if (n >= refreshDelay) expect(beside(classes)).toBe(8)
      else if (beside(classes) < 8) scattered++
    }
    expect(scattered).toBeGreaterThan(refreshDelay / 2)
  })

  it('deal every class once before any is dealt again', () => {
    const sampler = createDistanceAwareSampler(labels, settings)
    sampler.refresh(circle(count), 0)
    for (let n = 0; n < refreshDelay; n++) sampler.next()
    // The first two of a batch are those that were dealt; 12 batches deal all 24, wherever a round begins.
    const dealt = Array.from({ length: 24 }, () => classesIn(sampler.next()).slice(0, 2)).flat()
    const counts = Array.from({ length: count }, (_, one) => dealt.filter((other) => other === one).length)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2)
    expect(Math.min(...counts)).toBeGreaterThan(0)
  })

  it('do not depend on how far ahead they are drawn, nor on where a run is resumed', () => {
    const shuffled = (seed: number): Map<string, Float32Array> => {
      const means = [...circle(count).values()]
      return new Map(
        [...circle(count).keys()].map((label, n) => [
          label,
          means[(n * seed) % count] ?? Float32Array.of(1, 0),
        ]),
      )
    }
    const epoch = 10
    const epochs = 9
    const refreshes = [5, 7, 11, 13, 17, 19, 23, 1, 5]
    const run = (ahead: number, stopAfter?: number): number[][] => {
      let sampler = createDistanceAwareSampler(labels, settings)
      let drawn: number[][] = []
      const used: number[][] = []
      while (used.length < epoch * epochs) {
        while (drawn.length <= ahead) drawn.push(sampler.next())
        used.push(drawn.shift() ?? [])
        const done = used.length
        if (done % epoch === 0) sampler.refresh(shuffled(refreshes[done / epoch - 1] ?? 1), done)
        if (done === stopAfter) {
          sampler = createDistanceAwareSampler(labels, settings, throughJson(sampler.state(done)))
          drawn = []
        }
      }
      return used
    }
    const straight = run(0)
    expect(run(16)).toEqual(straight)
    for (const stop of [1, 10, 37, 50, 84]) expect(run(3, stop)).toEqual(straight)
  })

  it('keep few lists, however many refreshes there were', () => {
    const sampler = createDistanceAwareSampler(labels, settings)
    for (let n = 0; n < 300; n++) {
      if (n % 10 === 0) sampler.refresh(circle(count), n)
      sampler.next()
    }
    expect(sampler.state().neighbours?.length).toBeLessThanOrEqual(refreshDelay / 10 + 2)
  })

  it('refuse means that are missing or no numbers, and a refresh that comes too late to be the same again', () => {
    const sampler = createDistanceAwareSampler(labels, settings)
    expect(() => {
      sampler.refresh(circle(count - 1), 0)
    }).toThrow(/no mean of class c23/)
    const broken = circle(count).set('c05', Float32Array.of(NaN, 1))
    expect(() => {
      sampler.refresh(broken, 0)
    }).toThrow(expect.objectContaining({ code: 'INVALID_EMBEDDING' }))
    for (let n = 0; n <= refreshDelay; n++) sampler.next()
    expect(() => {
      sampler.refresh(circle(count), 0)
    }).toThrow(/for batchesUsed/)
  })

  it('refuse more classes than there are', () => {
    expect(() => createDistanceAwareSampler(labelsOf([3, 3]), settings)).toThrow(
      /8 classes cannot be drawn from 2/,
    )
  })
})
