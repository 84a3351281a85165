import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { drawShapes, shapeSettings } from './shapes.js'
import { logOf, run, runUntil, stepsOf } from './run.js'

let data: string
beforeAll(async () => {
  data = await drawShapes()
})

describe('a stopped run', () => {
  it('saves itself, publishes nothing, and resumes to the same result as one that was not stopped', async () => {
    const over = { epochs: 3, stepsPerEpoch: 4 }
    const whole = await run(shapeSettings(data, over))
    const settings = shapeSettings(data, over)
    // In the midst of an epoch and at the end of one.
    for (const stopAfter of [3, 8]) {
      const stopped = await runUntil(settings, stopAfter)
      expect(stopped).toMatchObject({ bundle: null, stepsDone: stopAfter })
      expect(existsSync(settings.output)).toBe(false)
    }
    const resumed = await run(settings, { resume: true })
    const losses = stepsOf(resumed.work).map(({ loss }) => loss)
    expect(stepsOf(resumed.work).map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
    stepsOf(whole.work).forEach(({ loss }, i) => {
      expect(Math.abs((losses[i] ?? NaN) - loss)).toBeLessThan(1e-3 * loss)
    })
    expect(resumed.best?.epoch).toBe(whole.best?.epoch)
    expect(
      logOf(resumed.work)
        .filter(({ event }) => event === 'epoch')
        .map(({ epoch }) => epoch),
    ).toEqual([1, 2, 3])
  })

  it('makes up for the best weights that a kill right after the checkpoint kept from disk', async () => {
    const settings = shapeSettings(data, { epochs: 1, stepsPerEpoch: 2 })
    const { work, bundle } = await run(settings)
    rmSync(path.join(work, 'best.safetensors'))
    expect((await run(settings, { resume: true })).bundle?.model).toBe(bundle?.model)
  })

  it('does not resume with other settings', async () => {
    const settings = shapeSettings(data, { epochs: 1, stepsPerEpoch: 2 })
    await runUntil(settings, 1)
    await expect(run({ ...settings, learningRate: 1e-5 }, { resume: true })).rejects.toMatchObject({
      code: 'INVALID_SETTING',
      message: expect.stringContaining('learningRate') as string,
    })
  })

  it('leaves nothing for a fresh run in its folder to take for its own', async () => {
    const settings = shapeSettings(data, { epochs: 2, stepsPerEpoch: 2 })
    const { work } = await run(settings)
    const checkpoints = () => readdirSync(work).filter((name) => name.endsWith('.safetensors'))
    expect(checkpoints().sort()).toEqual(['best.safetensors', 'last.safetensors'])
    const controller = new AbortController()
    const atFirstStep: string[] = []
    await run(settings, {
      signal: controller.signal,
      onProgress: ({ phase }) => {
        if (phase !== 'training') return
        atFirstStep.push(...checkpoints())
        controller.abort()
      },
    })
    expect(atFirstStep).toEqual([])
    expect(checkpoints()).toEqual(['last.safetensors'])
  })

  it('publishes again when a finished run is resumed', async () => {
    const settings = shapeSettings(data, { epochs: 1, stepsPerEpoch: 2 })
    const first = await run(settings)
    const again = await run(settings, { resume: true })
    expect(again.bundle?.model).toBe(first.bundle?.model)
  })
})
