import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { tf } from '../../src/tensors/tensorflow.js'
import { planRun } from '../../src/training/plan-run.js'
import { drawShapes, shapeSettings } from './shapes.js'
import { logOf, run } from './run.js'

let data: string
beforeAll(async () => {
  data = await drawShapes()
})

describe('planRun', () => {
  it('tells what the run then finds, and leaves nothing behind', async () => {
    const settings = shapeSettings(data, { epochs: 2, stepsPerEpoch: undefined, regularize: 'lsd:1' })
    const before = tf.memory().numTensors
    const plan = await planRun(settings)
    expect(tf.memory().numTensors).toBe(before)
    expect(existsSync(settings.work ?? '')).toBe(false)
    const { work } = await run(settings)
    const { images, classes, validationImages, steps, stepsPerEpoch } = plan
    expect(logOf(work)[0]).toMatchObject({ images, classes, validationImages, steps, stepsPerEpoch })
    expect(plan).toMatchObject({
      batchSize: 24,
      validationClasses: 6,
      architecture: { backbone: 'small-convnet' },
    })
    expect(plan.time.totalSeconds).toBeGreaterThanOrEqual(steps * plan.time.stepSeconds)
    expect(plan.memory.cacheBytes).toBeGreaterThanOrEqual(Number(logOf(work)[0]?.['cacheBytes']))
  })

  it('of a head alone counts its values and its features', async () => {
    const all = await planRun(shapeSettings(data))
    const head = await planRun(shapeSettings(data, { train: 'head', views: 2 }))
    const proxies = 16 * all.classes
    expect(head.parameters).toBe(64 * 16 + 16 + proxies)
    expect(all.parameters).toBeGreaterThan(head.parameters)
    expect(head.memory.cacheBytes).toBe(4 * 64 * (2 * head.images + head.validationImages))
  })

  it('counts every seed, and features that they share once', async () => {
    const seeds = [0, 1, 2]
    const all = await planRun(shapeSettings(data), { seeds })
    expect(all).toMatchObject({ runs: 3, steps: 24 })
    expect(all.time.totalSeconds).toBeGreaterThanOrEqual(3 * 24 * all.time.stepSeconds)
    const head = await planRun(shapeSettings(data, { train: 'head', views: 2 }), { seeds })
    expect(head.memory.cacheBytes).toBe(4 * 64 * ((1 + 3) * head.images + head.validationImages))
  })

  it('refuses what the run would refuse', async () => {
    await expect(planRun(shapeSettings(data, { loss: 'proxy-ancor' }))).rejects.toMatchObject({
      code: 'INVALID_SETTING',
    })
    await expect(planRun(shapeSettings(data, { batch: { classes: 99 } }))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
    // The room for the features of the head, before the network is built.
    const head = { train: 'head', cache: { maxBytes: 1000 } }
    await expect(planRun(shapeSettings(data, head))).rejects.toMatchObject({ code: 'INVALID_SETTING' })
    await expect(planRun(shapeSettings(data), { seeds: [1, 1] })).rejects.toMatchObject({
      code: 'INVALID_SETTING',
    })
  })
})
