import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { readSafetensors } from '../../src/networks/safetensors.js'
import type { NamedTensor } from '../../src/networks/tensor-map.js'
import type { FeatureStore } from '../../src/training/features.js'
import { drawShapes, shapeSettings } from './shapes.js'
import { logOf, mean, run, runUntil, stepsOf } from './run.js'

let data: string
/** A bundle whose backbone has learned something, to start heads from. */
let init: string
beforeAll(async () => {
  data = await drawShapes()
  const settings = shapeSettings(data, { epochs: 2 })
  init = (await run(settings)).bundle?.folder ?? ''
})

const weightsOf = async (folder: string): Promise<ReadonlyMap<string, NamedTensor>> =>
  readSafetensors(await readFile(path.join(folder, 'weights.safetensors'))).tensors
const headSettings = (over: Readonly<Record<string, unknown>> = {}) =>
  shapeSettings(data, { train: 'head', init, backbone: undefined, dimensions: 12, epochs: 6, ...over })

describe('a run of the head alone', () => {
  it('learns, leaves the backbone as it was, and publishes the whole network', async () => {
    const settings = headSettings({ learningRate: 1e-2 })
    const { work, bundle } = await run(settings)
    const losses = stepsOf(work).map(({ loss }) => loss)
    expect(mean(losses.slice(-6))).toBeLessThan(0.9 * mean(losses.slice(0, 6)))
    const [before, after] = [await weightsOf(init), await weightsOf(bundle?.folder ?? '')]
    for (const name of ['conv1.weight', 'conv2.bias', 'conv3.weight']) {
      expect(after.get(name)).toEqual(before.get(name))
    }
    expect(after.get('embedding.weight')?.shape).toEqual([12, 64])
    const { manifest } = await loadBundle(settings.output)
    expect(manifest.training).toMatchObject({ settings: { train: 'head', views: 1 } })
  })

  it('measures what a frozen backbone with the same head measures on pictures', async () => {
    const still = { epochs: 1, stepsPerEpoch: 1, learningRate: 0, lossRateFactor: 0 }
    const ofHead = await run(headSettings(still))
    const ofAll = await run(headSettings({ ...still, train: 'all' }))
    expect(ofHead.best?.figures?.mapAtR).toBeCloseTo(ofAll.best?.figures?.mapAtR ?? NaN, 6)
  })

  it('starts from what the backbone can tell apart in the pictures, better than at random', async () => {
    const still = { epochs: 1, stepsPerEpoch: 1, learningRate: 0, lossRateFactor: 0, dimensions: 4 }
    const mapAtR = async (headStart: string): Promise<number> =>
      (await run(headSettings({ ...still, headStart }))).best?.figures?.mapAtR ?? NaN
    expect(await mapAtR('principal')).toBeGreaterThan(await mapAtR('random'))
  })

  it('takes features of an earlier run of the process, whatever its seed and loss', async () => {
    const features: FeatureStore = new Map()
    const phases: number[] = []
    const short = { epochs: 1, stepsPerEpoch: 1 }
    const onProgress = ({ phase }: { phase: string }): void => {
      if (phase === 'features') phases.push(1)
    }
    await run(headSettings(short), { features, onProgress })
    const computed = phases.length
    expect(features.size).toBe(16 * 8)
    await run(headSettings({ ...short, seed: 5, loss: 'contrastive' }), { features, onProgress })
    expect(features.size).toBe(16 * 8)
    expect(computed).toBeGreaterThan(0)
    expect(phases).toHaveLength(computed)
  })

  it('keeps several views of a picture, the later ones augmented', async () => {
    const features: FeatureStore = new Map()
    const { work } = await run(headSettings({ views: 3, epochs: 1, stepsPerEpoch: 2 }), { features })
    const first = logOf(work)[0]
    const rows = 3 * Number(first?.['images']) + Number(first?.['validationImages'])
    expect(features.size).toBe(rows)
    expect(first?.['cacheBytes']).toBe(4 * 64 * rows)
    expect(new Set([...features.values()].map((row) => row.join())).size).toBe(rows)
  })

  it('resumes to the curve of a run that was not stopped, with its teacher', async () => {
    const over = { epochs: 3, stepsPerEpoch: 4, regularize: 'lsd:50' }
    const whole = await run(headSettings(over))
    const settings = headSettings(over)
    for (const stopAfter of [6, 8]) await runUntil(settings, stopAfter)
    const resumed = stepsOf((await run(settings, { resume: true })).work)
    expect(resumed).toHaveLength(12)
    stepsOf(whole.work).forEach(({ loss }, step) => {
      expect(resumed[step]?.loss).toBeCloseTo(loss, 4)
    })
  })

  it('draws near classes together by the features', async () => {
    const over = { epochs: 2, stepsPerEpoch: 2, sampler: 'distance-aware', batch: { classes: 5, images: 2 } }
    expect(stepsOf((await run(headSettings(over))).work)).toHaveLength(4)
  })

  it('skips unreadable pictures and says which', async () => {
    const damaged = await drawShapes({ classes: 8, imagesPerClass: 6 })
    const file = path.join(damaged, 'class-02', '1.png')
    await writeFile(file, 'not a picture')
    const over = {
      data: [{ path: damaged }],
      epochs: 1,
      stepsPerEpoch: 1,
      batch: { classes: 4, images: 2 },
    }
    const { unreadable } = await run(headSettings({ ...over, unreadableShare: 0.1 }))
    expect(unreadable.map((one) => one.path)).toEqual([file])
    await expect(run(headSettings({ ...over, unreadableShare: 0 }))).rejects.toMatchObject({
      code: 'DATASET_INVALID',
    })
  })

  it('refuses features past the cap', async () => {
    await expect(run(headSettings({ cache: { maxBytes: 1000 } }))).rejects.toMatchObject({
      code: 'INVALID_SETTING',
    })
  })
})
