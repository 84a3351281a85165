import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { defaultImageLimits } from '../../src/images/limits.js'
import { renderSvg } from '../../src/images/render-svg.js'
import { readSet } from '../../src/datasets/read-set.js'
import { readTrainingData } from '../../src/training/training-data.js'
import { drawShapes, shapeSettings } from './shapes.js'
import { logOf, run, stepsOf } from './run.js'

let data: string
beforeAll(async () => {
  data = await drawShapes()
})

describe('a run on imperfect data', () => {
  it('skips unreadable pictures and says which', async () => {
    const damaged = await drawShapes({ classes: 8, imagesPerClass: 6 })
    const file = path.join(damaged, 'class-02', '1.png')
    await writeFile(file, 'not a picture')
    const settings = shapeSettings(damaged, {
      epochs: 1,
      stepsPerEpoch: 2,
      batch: { classes: 4, images: 2 },
      unreadableShare: 0.1,
    })
    const { unreadable, bundle } = await run(settings)
    expect(unreadable.map((one) => one.path)).toEqual([file])
    expect(bundle).not.toBeNull()
  })

  it('counts a picture over the limits it is given as unreadable, whatever learns', async () => {
    const damaged = await drawShapes({ classes: 8, imagesPerClass: 6 })
    const file = path.join(damaged, 'class-02', '1.png')
    const wide = await renderSvg('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', {
      width: 96,
      height: 48,
      format: 'png',
    })
    await writeFile(file, wide)
    const over = { epochs: 1, stepsPerEpoch: 1, batch: { classes: 4, images: 2 }, unreadableShare: 0.1 }
    const limits = { ...defaultImageLimits, maxPixels: 48 * 48 }
    const unreadable = [{ path: file, reason: expect.stringContaining('4608 pixels') as string }]
    const bySize = await run(shapeSettings(damaged, over), { limits })
    expect(bySize).toMatchObject({ unreadable })
    const ofHead = { ...over, train: 'head', init: bySize.bundle?.folder, backbone: undefined }
    expect(await run(shapeSettings(damaged, ofHead), { limits })).toMatchObject({ unreadable })
  })

  it('counts unreadable pictures over the whole set, not over its small validation part', async () => {
    const damaged = await drawShapes({ classes: 8, imagesPerClass: 6 })
    const over = { epochs: 1, stepsPerEpoch: 1, batch: { classes: 4, images: 2 }, unreadableShare: 0.03 }
    const settings = shapeSettings(damaged, over)
    const { validation } = await readTrainingData(settings)
    await writeFile(validation.images[0]?.path ?? '', 'not a picture')
    expect((await run(settings)).unreadable).toHaveLength(1)
    await writeFile(validation.images[1]?.path ?? '', 'not a picture')
    await expect(run(settings)).rejects.toMatchObject({ code: 'DATASET_INVALID' })
  })

  it.each(['all', 'head'])('says of a set that none of its pictures can be read: train %s', async (train) => {
    const damaged = await drawShapes({ classes: 8, imagesPerClass: 4 })
    const batch = { classes: 4, images: 2 }
    const first = await run(shapeSettings(damaged, { epochs: 1, stepsPerEpoch: 1, batch }))
    for (const { path: file } of (await readSet(damaged)).images) await writeFile(file, 'not a picture')
    // The head would be made from the pictures, of which there are none.
    const over = { init: first.bundle?.folder, backbone: undefined, dimensions: 12, train, batch }
    const settings = shapeSettings(damaged, { ...over, unreadableShare: 1 })
    await expect(run(settings)).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringMatching(/^32 of 32 pictures cannot be read, such as .*\.png \(/) as string,
    })
  })

  it('draws all classes into a batch where there are fewer than it takes by default', async () => {
    const settings = shapeSettings(data, { epochs: 1, stepsPerEpoch: 1, batch: { images: 2 } })
    const { work } = await run(settings)
    expect(logOf(work)[0]).toMatchObject({ settings: { batch: { classes: null } } })
    expect(stepsOf(work)).toHaveLength(1)
  })

  it('works on several sets that share names of classes, and without validation', async () => {
    const sets = [
      { path: data, name: 'one' },
      { path: data, name: 'two', heldOutLabels: ['class-00'] },
    ]
    const settings = shapeSettings(data, {
      data: sets,
      epochs: 1,
      stepsPerEpoch: 1,
      validation: { share: 0 },
    })
    const { best, bundle, work } = await run(settings)
    expect(logOf(work)[0]).toMatchObject({ classes: 31 })
    expect(best).toEqual({ epoch: 1, figures: null })
    expect(bundle?.manifest).toMatchObject({
      heldOut: ['two:class-00'],
      data: [{ name: 'one' }, { name: 'two' }],
    })
  })

  it('leaves labels out of the sets that have them, and tells sets of one name apart', async () => {
    const other = await drawShapes({ classes: 20, imagesPerClass: 4 })
    const of = (path: string) => ({ path, name: 'shapes', heldOutLabels: ['class-03', 'class-18'] })
    const settings = shapeSettings(data, { data: [of(data), of(other)], validation: { share: 0 } })
    const { train, heldOut, lineage } = await readTrainingData(settings)
    expect(heldOut).toEqual(['shapes:class-03', 'shapes-2:class-03', 'shapes-2:class-18'])
    expect(lineage.map(({ name, classes }) => [name, classes])).toEqual([
      ['shapes', 15],
      ['shapes-2', 18],
    ])
    const learned = new Set(train.images.map(({ label }) => label))
    expect(heldOut.filter((label) => learned.has(label))).toEqual([])
  })

  it('refuses a held-out label that the set does not have, for it would be trained on', async () => {
    const settings = shapeSettings(data, { data: [{ path: data, heldOutLabels: ['clas-03'] }] })
    await expect(run(settings)).rejects.toMatchObject({ code: 'DATASET_INVALID' })
  })
})

describe('a run with wrong settings', () => {
  it.each([
    ['an unknown loss', { loss: 'proxy-ancor' }, 'INVALID_SETTING'],
    ['an unknown parameter of the loss', { lossParams: { scale: 3 } }, 'INVALID_SETTING'],
    ['an unknown regulariser', { regularize: 'lds:100' }, 'INVALID_SETTING'],
    ['an unknown distance', { loss: 'contrastive', distance: 'cosine' }, 'INVALID_SETTING'],
    ['an unknown backbone', { backbone: 'small-convent' }, 'INVALID_ARGUMENT'],
    ['no backbone', { backbone: undefined }, 'INVALID_SETTING'],
    ['an output that is no bundle name', { output: 'models/My Model' }, 'INVALID_SETTING'],
    ['an init that is not there', { init: 'models/nowhere' }, 'MODEL_NOT_FOUND'],
    ['more classes a batch than there are', { batch: { classes: 99 } }, 'INVALID_ARGUMENT'],
  ])('stops before any step: %s', async (_, over, code) => {
    const settings = shapeSettings(data, over)
    await expect(run(settings)).rejects.toMatchObject({ code })
    expect(existsSync(settings.work ?? '')).toBe(false)
  })

  it('stops with a clear error when the loss is no longer a number', async () => {
    const settings = shapeSettings(data, {
      learningRate: 1,
      lossRateFactor: 10_000,
      headRateFactor: 1000,
      clipNorm: 1e6,
      lossParams: { alpha: 1e39 },
    })
    await expect(run(settings)).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' })
    expect(existsSync(settings.output)).toBe(false)
  })
})
