import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { createLogger } from '../../src/log.js'
import type { TrainSettings } from '../../src/training/settings.js'
import type { TrainOptions } from '../../src/training/train.js'
import { drawShapes, shapeSettings } from './shapes.js'
import { run, runUntil } from './run.js'

let data: string
beforeAll(async () => {
  data = await drawShapes()
})

const short = { epochs: 1, stepsPerEpoch: 3 }

/** Runs to its end. @returns what it warned of before its first picture */
async function warningsOf(settings: TrainSettings, options: Partial<TrainOptions> = {}): Promise<string[]> {
  const logger = createLogger('silent')
  const warn = vi.spyOn(logger, 'warn')
  let before: number | undefined
  await run(settings, {
    ...options,
    logger,
    onProgress: () => {
      before ??= warn.mock.calls.length
    },
  })
  expect(warn).toHaveBeenCalledTimes(before ?? -1)
  return warn.mock.calls.map(([, text]) => String(text))
}

describe('a run over an earlier one', () => {
  it('names the bundle that it will replace, which stays until the new one is written', async () => {
    const settings = shapeSettings(data, short)
    expect(await warningsOf(settings)).toEqual([])
    const before = await loadBundle(settings.output)
    const other = { ...settings, seed: 1 }
    expect(await warningsOf(other)).toEqual([
      expect.stringContaining(`the bundle in ${settings.output} will be replaced`),
    ])
    expect((await loadBundle(settings.output)).model).not.toBe(before.model)
  })

  it('leaves the bundle as it is where it fails or is stopped', async () => {
    const settings = shapeSettings(data, short)
    await run(settings)
    const before = await loadBundle(settings.output)
    await runUntil({ ...settings, work: `${settings.work ?? ''}-2`, seed: 1 }, 2)
    const diverging = { learningRate: 1, headRateFactor: 1000, clipNorm: 1e6, lossParams: { alpha: 1e39 } }
    await expect(run({ ...settings, ...diverging })).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' })
    expect(await loadBundle(settings.output)).toEqual(before)
  })

  it('names the unfinished run that it begins anew, and --resume', async () => {
    const settings = shapeSettings(data, short)
    await runUntil(settings, 2)
    const checkpoint = path.join(settings.work ?? '', 'last.safetensors')
    expect(await warningsOf(settings)).toEqual([
      expect.stringMatching(
        /^the unfinished run of .* \(2 steps\) will be replaced; --resume goes on with it/,
      ),
    ])
    await runUntil({ ...settings, seed: 1, work: `${settings.work ?? ''}-2` }, 2)
    // Of a finished run only its bundle is of worth, and what is resumed is not replaced.
    expect(await warningsOf(settings, { publish: false })).toEqual([])
    const again = { ...settings, seed: 1, work: `${settings.work ?? ''}-2` }
    expect(await warningsOf(again, { resume: true })).toEqual([expect.stringContaining('the bundle in')])
    writeFileSync(checkpoint, 'cut short')
    expect(await warningsOf(settings, { publish: false })).toEqual([])
  })

  it('does not train for an output that it could not write to', async () => {
    const settings = shapeSettings(data, short)
    mkdirSync(settings.output, { recursive: true })
    writeFileSync(path.join(settings.output, 'notes.txt'), 'mine')
    await expect(run(settings)).rejects.toMatchObject({ code: 'INVALID_SETTING' })
  })
})
