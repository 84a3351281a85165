import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { embedImage } from '../../src/embedding/embed-image.js'
import { createOnnxEmbedder } from '../../src/embedding/onnx-embedder.js'
import { prepareInput } from '../../src/images/prepare-input.js'
import { createNetwork } from '../../src/networks/create-network.js'
import { readSafetensors } from '../../src/networks/safetensors.js'
import { tf } from '../../src/tensors/tensorflow.js'
import type { TrainSettings } from '../../src/training/settings.js'
import type { TrainResult } from '../../src/training/train.js'
import { logOf, mean, run, runUntil, stepsOf, type LogLine } from './run.js'
import { drawShapes, shapeSettings } from './shapes.js'

let data: string
beforeAll(async () => {
  data = await drawShapes()
})

describe('a training run', () => {
  let settings: TrainSettings
  let result: TrainResult
  let lines: LogLine[]
  let untrained: TrainResult
  const progress: string[] = []
  beforeAll(async () => {
    settings = shapeSettings(data, {
      data: [{ path: data, name: 'shapes', heldOutLabels: ['class-03'] }],
      epochs: 6,
    })
    result = await run(settings, {
      command: 'kindred train --data shapes',
      onProgress: ({ phase }) => progress.push(phase),
    })
    lines = logOf(result.work)
    const still = { data: settings.data, epochs: 1, stepsPerEpoch: 1, learningRate: 0 }
    untrained = await run(shapeSettings(data, still))
  })

  it('lowers the loss', () => {
    const losses = stepsOf(result.work).map(({ loss }) => loss)
    expect(losses).toHaveLength(36)
    expect(mean(losses.slice(-6))).toBeLessThan(0.7 * mean(losses.slice(0, 6)))
  })

  it('finds pictures of classes it never saw better than an untrained network', () => {
    expect(result.best?.figures?.mapAtR).toBeGreaterThan((untrained.best?.figures?.mapAtR ?? NaN) + 0.1)
  })

  it('publishes the best epoch by validation', () => {
    const epochs = lines.filter(({ event }) => event === 'epoch')
    const scores = epochs.map(({ validation }) => validation?.mapAtR ?? NaN)
    expect(scores).toHaveLength(6)
    expect(result.best?.figures?.mapAtR).toBe(Math.max(...scores))
    expect(result.best?.epoch).toBe(scores.indexOf(Math.max(...scores)) + 1)
  })

  it('keeps memory flat from step to step', () => {
    const tensors = stepsOf(result.work).map((line) => line.tensors)
    expect(new Set(tensors.slice(1)).size).toBe(1)
  })

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    await run(shapeSettings(data, { epochs: 1, stepsPerEpoch: 1 }))
    expect(tf.memory().numTensors).toBe(before)
  })

  it('logs the whole configuration first, then steps with their times, then what was published', () => {
    expect(lines[0]).toMatchObject({ event: 'run', settings: JSON.parse(JSON.stringify(settings)) as object })
    expect(lines[0]?.['versions']).toHaveProperty('tfjs')
    for (const name of [
      'waitMs',
      'forwardMs',
      'backwardMs',
      'optimiserMs',
      'imagesPerSecond',
      'rate',
      'residentBytes',
    ]) {
      expect(lines[1]).toHaveProperty(name, expect.any(Number))
    }
    expect(lines.at(-1)).toMatchObject({ event: 'published', model: result.bundle?.model })
  })

  it('tells its progress', () => {
    expect(new Set(progress)).toEqual(new Set(['loading', 'training', 'validating']))
  })

  it('writes a bundle that says how it was made and keeps proxies and paths to itself', async () => {
    const { manifest, folder } = await loadBundle(settings.output)
    expect(manifest).toMatchObject({
      name: 'shapes',
      architecture: { backbone: 'small-convnet', pooling: 'gap', head: 16 },
      heldOut: ['class-03'],
      data: [{ name: 'shapes', images: 15 * 8, classes: 15 }],
      training: { epoch: result.best?.epoch, command: 'kindred train --data shapes' },
    })
    expect(manifest.calibration).toMatchObject({
      data: 'validation classes of shapes',
      gallery: { images: 40, classes: 5 },
    })
    expect(manifest.metrics['validation.map@r']).toBe(result.best?.figures?.mapAtR)
    const weights = readSafetensors(await readFile(path.join(folder, 'weights.safetensors')))
    expect([...weights.tensors.keys()].join()).not.toContain('prox')
    expect(JSON.stringify(manifest)).not.toContain(data)
    expect((await readdir(folder)).sort()).toEqual([
      'README.md',
      'model.json',
      'model.onnx',
      'weights.safetensors',
    ])
  })

  it('keeps held-out classes out of train and validation', () => {
    expect(lines[0]).toMatchObject({ classes: 10, validationImages: 5 * 8 })
  })

  it('writes a card with data, figures, command and held-out classes', async () => {
    const card = await readFile(path.join(settings.output, 'README.md'), 'utf8')
    for (const part of [
      '# shapes',
      '| shapes | 120 | 15 |',
      'kindred train --data shapes',
      'class-03',
      'validation.map@r',
    ]) {
      expect(card).toContain(part)
    }
  })

  it('serves what was trained: ONNX Runtime and TensorFlow agree on a picture', async () => {
    const bundle = await loadBundle(settings.output)
    const { tensors } = readSafetensors(await readFile(path.join(settings.output, 'weights.safetensors')))
    const network = createNetwork(bundle.manifest.architecture, { seed: 0, weights: tensors })
    const embedder = await createOnnxEmbedder(bundle, { provider: 'cpu', threads: 1, maxBatch: 1 })
    const bytes = await readFile(path.join(data, 'class-00', '0.png'))
    const { embedding } = await embedImage(embedder, bytes)
    const input = await prepareInput(bytes, { ...bundle.manifest.input, layout: 'nhwc' })
    const expected = tf.tidy(() => network.embed(tf.tensor4d(input, [1, 32, 32, 3])).dataSync())
    embedding.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] ?? NaN))).toBeLessThan(1e-4)
    })
    network.dispose()
    await embedder.close()
  })

  it('trains further from its own bundle', async () => {
    const further = shapeSettings(data, {
      init: settings.output,
      backbone: undefined,
      epochs: 1,
      stepsPerEpoch: 1,
      learningRate: 0,
    })
    const { best, bundle } = await run(further)
    expect(bundle?.manifest.training).toMatchObject({ init: result.bundle?.model })
    expect(best?.figures?.mapAtR).toBeGreaterThan((untrained.best?.figures?.mapAtR ?? NaN) + 0.05)
  })
})

describe('a long run', () => {
  it('holds the same number of tensors at each of 200 steps, and no more memory at its end than in its midst', async () => {
    const settings = shapeSettings(data, {
      regularize: 'lsd:20,ranking:0.1',
      regularizerParams: { ranking: { r: 0.1, g: -100 } },
      epochs: 4,
      stepsPerEpoch: 50,
    })
    const lines = stepsOf((await run(settings)).work)
    expect(lines).toHaveLength(200)
    // Adam's moments come with the first step.
    expect(new Set(lines.slice(1).map((line) => line.tensors)).size).toBe(1)
    const resident = lines.map((line) => Number(line['residentBytes']))
    expect(Math.max(...resident.slice(100))).toBeLessThan(1.2 * Math.max(...resident.slice(0, 100)))
  })
})

describe('a run from the same seed', () => {
  it('draws the same, and another seed draws something else', async () => {
    const firstLoss = async (seed: number): Promise<number> => {
      const { work } = await runUntil(shapeSettings(data, { seed }), 1)
      return stepsOf(work)[0]?.loss ?? NaN
    }
    const loss = await firstLoss(1)
    expect(await firstLoss(1)).toBeCloseTo(loss, 4)
    expect(Math.abs((await firstLoss(2)) - loss)).toBeGreaterThan(1e-3)
  })
})
