import { beforeAll, describe, expect, it } from 'vitest'
import { readCheckpoint } from '../../src/training/checkpoint.js'
import { drawShapes, shapeSettings } from './shapes.js'
import { logOf, run, runUntil, stepsOf } from './run.js'

let data: string
beforeAll(async () => {
  data = await drawShapes()
})

describe('a run with another sampler', () => {
  it('learns from random batches, which need not hold as many classes as there are', async () => {
    const batch = { classes: 30, images: 1 }
    const settings = shapeSettings(data, { epochs: 1, stepsPerEpoch: 2, sampler: 'random', batch })
    const { work, bundle } = await run(settings)
    expect(stepsOf(work)).toHaveLength(2)
    expect(bundle).not.toBeNull()
  })

  it('tells the distance-aware sampler where classes lie, and resumes with what it was told', async () => {
    // More steps than a refresh waits for, so that the last batches are drawn by it.
    const over = { epochs: 3, stepsPerEpoch: 18, sampler: 'distance-aware', batch: { classes: 5, images: 2 } }
    const whole = await run(shapeSettings(data, over))
    const settings = shapeSettings(data, over)
    for (const stopAfter of [18, 39]) await runUntil(settings, stopAfter)
    const { state } = await readCheckpoint(`${settings.work ?? ''}/last.safetensors`)
    expect(state.sampler.neighbours?.map(({ fromBatch }) => fromBatch)).toEqual([50, 68])
    const resumed = await run(settings, { resume: true })
    const losses = stepsOf(resumed.work).map(({ loss }) => loss)
    expect(losses).toHaveLength(54)
    stepsOf(whole.work).forEach(({ loss }, step) => {
      expect(Math.abs((losses[step] ?? NaN) - loss)).toBeLessThan(0.02 * loss)
    })
  })
})

describe('a run with label noise', () => {
  it('says how many labels it made wrong', async () => {
    const over = { epochs: 1, stepsPerEpoch: 1, labelNoise: 0.25, batch: { classes: 4, images: 2 } }
    const { work, flippedLabels } = await run(shapeSettings(data, over))
    const images = logOf(work)[0]?.['images']
    expect(flippedLabels).toBe(Math.round(0.25 * Number(images)))
    expect(logOf(work)[0]).toMatchObject({ flippedLabels, settings: { labelNoise: 0.25 } })
  })
})
