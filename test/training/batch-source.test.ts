import { describe, expect, it } from 'vitest'
import { createClassBalancedSampler } from '../../src/datasets/class-balanced-sampler.js'
import { readSet } from '../../src/datasets/read-set.js'
import type { InputTransform } from '../../src/images/input-transform.js'
import { createBatchSource, type Batch } from '../../src/training/batch-source.js'
import { pictureExamples } from '../../src/training/picture-examples.js'
import { createMemoryCache } from '../../src/training/cache/memory-cache.js'
import { forTraining, loadPictures } from '../../src/training/pictures.js'
import { drawShapes } from './shapes.js'

const transform: InputTransform = {
  width: 32,
  height: 32,
  fit: 'cover',
  kernel: 'linear',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  layout: 'nhwc',
}
const augmentation = {
  minScale: 0.5,
  maxAspect: 1.3,
  flip: 0.5,
  brightness: 0.2,
  contrast: 0.2,
  saturation: 0.2,
  hue: 0.1,
}
const all = { cache: createMemoryCache(Infinity), unreadableShare: 0 }
const decode = forTraining({ shorterSide: 36, kernel: 'linear' })

describe('createBatchSource', () => {
  const setUp = async () => {
    const { images } = await readSet(await drawShapes({ classes: 6, imagesPerClass: 4 }))
    const pictures = await loadPictures(images, decode, all)
    const labels = images.map(({ label }) => label)
    const classes = [...new Set(labels)]
    return (options: { seed?: number; ahead?: number; skip?: number } = {}) => {
      const { seed = 1, ahead = 2, skip = 0 } = options
      const sampling = { classesPerBatch: 3, imagesPerClass: 2, seed }
      return createBatchSource({
        examples: pictureExamples(pictures, { transform, augmentation, seed }),
        valuesPerExample: 32 * 32 * 3,
        labels: labels.map((label) => classes.indexOf(label)),
        sampler: createClassBalancedSampler(labels, sampling, { batchesDrawn: skip }),
        ahead,
        firstStep: skip,
      })
    }
  }
  const take = async (source: { next(): Promise<Batch> }, count: number): Promise<Batch[]> => {
    const batches: Batch[] = []
    while (batches.length < count) batches.push(await source.next())
    return batches
  }

  it('gives balanced, augmented batches of the right size', async () => {
    const make = await setUp()
    const [first, second] = await take(make(), 2)
    expect(first?.inputs).toHaveLength(6 * 32 * 32 * 3)
    const labels = [...(first?.labels ?? [])]
    expect(labels).toHaveLength(6)
    for (const label of labels) expect(labels.filter((other) => other === label)).toHaveLength(2)
    expect(first?.inputs).not.toEqual(second?.inputs)
  })

  it('draws the same from the same seed however far it looks ahead, and something else from another', async () => {
    const make = await setUp()
    const batches = await take(make(), 4)
    expect(await take(make({ ahead: 5 }), 4)).toEqual(batches)
    expect(await take(make({ seed: 2 }), 4)).not.toEqual(batches)
  })

  it('goes on after a resume with the very next batch', async () => {
    const make = await setUp()
    const batches = await take(make(), 5)
    const done = batches[2]?.sampler.batchesDrawn ?? NaN
    expect(await take(make({ skip: done }), 2)).toEqual(batches.slice(3))
  })
})
