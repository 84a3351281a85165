import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { classesOf, type LabelledSet } from '../../src/datasets/labelled-set.js'
import { parseTrainSettings } from '../../src/training/settings.js'
import { readTrainingData } from '../../src/training/training-data.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** Pictures named for their true class, in a CSV; the first half of the classes is `train`. */
async function csvWith(classes: number, imagesPerClass: number): Promise<string> {
  const folder = temporaryFolder()
  const rows = Array.from({ length: classes * imagesPerClass }, (_, n) => {
    const label = n % classes
    return `${label}/${n}.jpg,${label},${label < classes / 2 ? 'train' : 'test'}`
  })
  const file = path.join(folder, 'set.csv')
  await writeFile(file, ['path,label,split', ...rows].join('\n'))
  return file
}
const settingsOf = (over: Readonly<Record<string, unknown>>) =>
  parseTrainSettings({ output: 'models/x', validation: { share: 0.3 }, ...over })
const wrong = (set: LabelledSet): number =>
  set.images.filter((image) => path.basename(path.dirname(image.path)) !== image.label).length

describe('what a run learns from', () => {
  it('is the split train where the set has one, and all of it where another or none is named', async () => {
    const file = await csvWith(20, 3)
    const read = async (data: Record<string, unknown>) => {
      const { train, validation } = await readTrainingData(settingsOf({ data: [{ path: file, ...data }] }))
      return classesOf(train).length + classesOf(validation).length
    }
    expect(await read({})).toBe(10)
    expect(await read({ split: 'test' })).toBe(10)
    expect(await read({ split: 'train,test' })).toBe(20)
    // Named classes that are all of test: there is nothing of train to prefer.
    expect(await read({ classes: '10-14' })).toBe(5)
  })

  it('counts pictures of a split as often as it is told, in training alone', async () => {
    const data = [{ path: await csvWith(20, 10), split: 'train,test' }]
    const plain = await readTrainingData(settingsOf({ data }))
    const repeated = await readTrainingData(settingsOf({ data, repeat: { test: 3 } }))
    const count = (set: LabelledSet, split: string): number =>
      set.images.filter((image) => image.split === split).length
    expect(count(repeated.train, 'test')).toBe(3 * count(plain.train, 'test'))
    expect(count(repeated.train, 'train')).toBe(count(plain.train, 'train'))
    expect(repeated.validation).toEqual(plain.validation)
    await expect(readTrainingData(settingsOf({ data, repeat: { tset: 3 } }))).rejects.toMatchObject({
      code: 'DATASET_INVALID',
    })
    expect(() => settingsOf({ data, repeat: { test: 0 } })).toThrow(/whole number from 1/)
  })

  it('has label noise on exactly its share, and none on validation', async () => {
    const data = [{ path: await csvWith(20, 10), split: 'train,test' }]
    const { train, validation, flipped } = await readTrainingData(settingsOf({ data, labelNoise: 0.3 }))
    expect(validation.images.length).toBe(60)
    expect(train.images.length).toBe(140)
    expect(flipped).toBe(42)
    expect(wrong(train)).toBe(42)
    expect(wrong(validation)).toBe(0)
    // No image goes to a class of validation, which training never sees.
    expect(classesOf(train)).toHaveLength(14)
  })

  it('has the same noise from the same seed, whatever else is set', async () => {
    const data = [{ path: await csvWith(12, 8) }]
    const labels = async (over: Record<string, unknown>) => {
      const { train } = await readTrainingData(settingsOf({ data, labelNoise: 0.5, ...over }))
      return train.images.map((image) => image.label)
    }
    expect(await labels({})).toEqual(await labels({ loss: 'triplet', sampler: 'random' }))
    expect(await labels({ seed: 1 })).not.toEqual(await labels({}))
  })
})
