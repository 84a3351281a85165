import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitClasses } from '../../src/datasets/class-split.js'
import { classesOf, type LabelledSet } from '../../src/datasets/labelled-set.js'

const setOf = (name: string, sizes: readonly number[]): LabelledSet => ({
  name,
  images: sizes.flatMap((size, label) =>
    Array.from({ length: size }, (_, n) => ({ path: `/${name}/${label}/${n}.jpg`, label: `c${label}` })),
  ),
})
const labels = (set: LabelledSet): string[] => classesOf(set)

describe('a split by class', () => {
  it('loses no picture and shares no class', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.integer(),
        (sizes, validationShare, seed) => {
          const set = setOf('s', sizes)
          const { train, validation } = splitClasses(set, { validationShare, seed })
          expect(labels(train).filter((label) => labels(validation).includes(label))).toEqual([])
          const paths = [...train.images, ...validation.images].map((image) => image.path)
          expect(paths.sort()).toEqual(set.images.map((image) => image.path).sort())
        },
      ),
    )
  })

  it('gives each of several sets its share, labels kept apart', () => {
    const sets = [setOf('food', new Array<number>(40).fill(3)), setOf('wear', new Array<number>(10).fill(3))]
    const { train, validation } = splitClasses(sets, { validationShare: 0.2, seed: 1 })
    expect(labels(validation).filter((label) => label.startsWith('food:'))).toHaveLength(8)
    expect(labels(validation).filter((label) => label.startsWith('wear:'))).toHaveLength(2)
    expect(labels(train)).toHaveLength(40)
    expect(validation.name).toBe('food+wear')
  })

  it('keeps two sets of one name apart', () => {
    const set = setOf('s', [2, 2])
    const { train } = splitClasses([set, set], { validationShare: 0, seed: 1 })
    expect(labels(train)).toEqual(['s-2:c0', 's-2:c1', 's:c0', 's:c1'])
  })

  it('depends on the seed alone', () => {
    const set = setOf('s', new Array<number>(50).fill(2))
    const chosen = (seed: number): string[] =>
      labels(splitClasses(set, { validationShare: 0.3, seed }).validation)
    expect(chosen(1)).toEqual(chosen(1))
    expect(chosen(1)).not.toEqual(chosen(2))
  })

  it('keeps classes of one picture, which cannot be asked about, in train', () => {
    const { validation } = splitClasses(setOf('s', [1, 1, 1, 1, 2, 2, 2, 2]), {
      validationShare: 0.9,
      seed: 4,
    })
    expect(labels(validation)).toHaveLength(2)
    expect(validation.images).toHaveLength(4)
  })

  it('refuses a share of everything', () => {
    expect(() => splitClasses(setOf('s', [2]), { validationShare: 1, seed: 1 })).toThrow(/validationShare/)
  })
})
