import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { FeatureStore } from '../../src/training/features.js'
import { planRun } from '../../src/training/plan-run.js'
import { drawShapes, shapeSettings } from './shapes.js'
import { logOf, run, stepsOf } from './run.js'

/** A set whose first picture of each class is of the split `iconic`, which is to count four times. */
let data: string
let broken: string
beforeAll(async () => {
  const folder = await drawShapes({ classes: 8, imagesPerClass: 5 })
  const classes = (await readdir(folder)).sort()
  const rows = classes.flatMap((label) =>
    [0, 1, 2, 3, 4].map((n) => `${label}/${n}.png,${label},${n === 0 ? 'iconic' : 'natural'}`),
  )
  data = path.join(folder, 'index.csv')
  await writeFile(data, ['path,label,split', ...rows, ''].join('\n'))
  broken = path.join(folder, classes[3] ?? '', '0.png')
})

const settingsOf = (over: Readonly<Record<string, unknown>> = {}) =>
  shapeSettings(data, {
    data: [{ path: data, split: 'iconic,natural' }],
    repeat: { iconic: 4 },
    batch: { classes: 4, images: 4 },
    epochs: 1,
    stepsPerEpoch: 2,
    validation: { share: 0 },
    ...over,
  })

describe('a picture that counts several times', () => {
  it('is decoded and kept once', async () => {
    let decoded = 0
    const settings = settingsOf()
    const { work } = await run(settings, {
      onProgress: (progress) => {
        if (progress.phase === 'loading') decoded = progress.done
      },
    })
    expect(decoded).toBe(40)
    expect(logOf(work)[0]).toMatchObject({ images: 64, cacheBytes: 40 * 3 * 37 * 37 })
    expect(stepsOf(work)).toHaveLength(2)
    expect((await planRun(settings)).memory.cacheBytes).toBeLessThan(64 * 3 * 37 * 37)
  })

  it('has its features computed once', async () => {
    const init = (await run(settingsOf())).bundle?.folder
    const features: FeatureStore = new Map()
    const settings = settingsOf({ train: 'head', init, backbone: undefined, views: 2 })
    const { work } = await run(settings, { features })
    expect(features.size).toBe(2 * 40)
    expect(logOf(work)[0]).toMatchObject({ images: 64, cacheBytes: 4 * 64 * 2 * 40 })
    expect((await planRun(settings)).memory.cacheBytes).toBe(4 * 64 * 2 * 40)
  })

  it('is one unreadable picture where it cannot be read', async () => {
    await writeFile(broken, 'no picture')
    const { unreadable, work } = await run(settingsOf({ unreadableShare: 1 / 40 }))
    expect(unreadable.map((one) => one.path)).toEqual([broken])
    expect(logOf(work)[0]).toMatchObject({ images: 60 })
  })
})
