import { beforeAll, describe, expect, it } from 'vitest'
import { endOf } from '../../src/training/run-progress.js'
import { drawShapes, shapeSettings } from './shapes.js'
import { logOf, run, runUntil, stepsOf } from './run.js'

let data: string
beforeAll(async () => {
  data = await drawShapes()
})

/** Nothing moves, so that the first epoch stays the best. */
const still = { learningRate: 0, epochs: 9, stepsPerEpoch: 2, validation: { share: 0.35, patience: 2 } }

describe('patience', () => {
  it('ends a run that no longer gets better, and publishes its best epoch', async () => {
    const { bundle, best, epochsEnded, work } = await run(shapeSettings(data, still))
    expect({ epochsEnded, best: best?.epoch }).toEqual({ epochsEnded: 3, best: 1 })
    expect(bundle?.manifest.training).toMatchObject({ epoch: 1 })
    expect(stepsOf(work)).toHaveLength(6)
    expect(logOf(work).at(-1)).toMatchObject({ event: 'published', ended: 'patience' })
  })

  it('is counted on by a resumed run', async () => {
    const settings = shapeSettings(data, still)
    await runUntil(settings, 5)
    expect(await run(settings, { resume: true })).toMatchObject({ epochsEnded: 3, stepsDone: 6 })
  })

  it('is off by default, and never ends a run without validation classes', () => {
    const best = { epoch: 1, figures: null }
    const state = { step: 0, epochsEnded: 8, sampler: { batchesDrawn: 0 }, epochLoss: 0, best }
    const validation = { share: 0.2, seed: 0, metric: 'mapAtR', patience: null } as const
    expect(endOf(state, { epochs: 9, validation })).toBeNull()
    expect(endOf(state, { epochs: 8, validation })).toBe('epochs')
    const latest = { ...state, best: { epoch: 8, figures: null } }
    expect(endOf(latest, { epochs: 9, validation: { ...validation, patience: 1 } })).toBeNull()
  })
})

describe('Ctrl-C during validation', () => {
  it('stops at the next batch, and the resumed run validates first', async () => {
    const settings = shapeSettings(data, { epochs: 2, stepsPerEpoch: 2 })
    const controller = new AbortController()
    const batches: number[] = []
    const stopped = await run(settings, {
      signal: controller.signal,
      onProgress: (progress) => {
        if (progress.phase !== 'validating') return
        batches.push(progress.done)
        controller.abort()
      },
    })
    expect(stopped).toMatchObject({ bundle: null, stepsDone: 2, epochsEnded: 0 })
    expect(batches).toEqual([32])
    const { work, bundle } = await run(settings, { resume: true })
    expect(bundle).not.toBeNull()
    expect(stepsOf(work)).toHaveLength(4)
    const epochs = logOf(work).filter(({ event }) => event === 'epoch')
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2])
  })
})
