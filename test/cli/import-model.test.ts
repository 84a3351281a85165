import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { evaluateCommand } from '../../src/cli/evaluate.js'
import { importModelCommand } from '../../src/cli/import-model.js'
import { createOnnxEmbedder } from '../../src/embedding/onnx-embedder.js'
import { normalisePixels } from '../../src/images/normalise.js'
import { writeColouredSet } from '../evaluation/coloured-set.js'
import { tinyNetwork } from '../support/tiny-onnx.js'
import {
  madeDimensions,
  madeEncoder,
  madeHeight,
  madeMatrix,
  madeWidth,
  type MadeEncoder,
} from './made-encoder.js'
import { run } from './run.js'

const root = mkdtempSync(path.join(tmpdir(), 'kindred-import-'))
const at = (...parts: string[]): string => path.join(root, ...parts)
const mean = [0.4, 0.5, 0.6]
const std = [0.2, 0.3, 0.4]
const normalisation = ['--mean', mean.join(), '--std', std.join()]

/** Runs the command on a made file. */
async function importMade(name: string, made: MadeEncoder | Uint8Array, ...flags: string[]) {
  const file = at(`${name}.onnx`)
  writeFileSync(file, made instanceof Uint8Array ? made : madeEncoder(made))
  return run(importModelCommand(), file, '--output', at('models', name), ...normalisation, ...flags)
}

beforeAll(() => writeColouredSet(at('set'), { classes: ['blue', 'green', 'red', 'teal'], each: 4 }))
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

describe('kindred import-model', () => {
  it('makes a bundle that embeds as the graph does, with its size, layout, names and normalisation', async () => {
    const { out } = await importMade('made', {}, '--licence', 'MIT', '--fit', 'contain', '--json')
    expect(JSON.parse(out)).toMatchObject({
      input: { width: madeWidth, height: madeHeight, layout: 'nhwc', fit: 'contain', mean, std },
      onnx: { input: 'pixels', output: 'features' },
      embedding: { dimensions: madeDimensions },
    })
    const bundle = await loadBundle(at('models', 'made'))
    const data = Uint8Array.from({ length: 3 * madeWidth * madeHeight }, (_, i) => (i * i) % 256)
    const embedder = await createOnnxEmbedder(bundle, { provider: 'cpu', threads: 1, maxBatch: 2 })
    const [embedding] = await embedder.embed([
      normalisePixels({ width: madeWidth, height: madeHeight, data }, bundle.manifest.input),
    ])
    await embedder.close()

    const quarters = new Array<number>(12).fill(0)
    data.forEach((value, i) => {
      const [channel, pixel] = [i % 3, Math.floor(i / 3)]
      const [x, y] = [pixel % madeWidth, Math.floor(pixel / madeWidth)]
      const place = channel * 4 + 2 * Number(y >= madeHeight / 2) + Number(x >= madeWidth / 2)
      const normal = (value / 255 - (mean[channel] ?? NaN)) / (std[channel] ?? NaN)
      quarters[place] = (quarters[place] ?? NaN) + normal / ((madeWidth * madeHeight) / 4)
    })
    const raw = Array.from({ length: madeDimensions }, (_, row) =>
      quarters.reduce((sum, value, column) => sum + value * (madeMatrix[row * 12 + column] ?? NaN), 0),
    )
    const length = Math.hypot(...raw)
    raw.forEach((value, i) => {
      expect(embedding?.[i]).toBeCloseTo(value / length, 4)
    })
  })

  it('says on its card where the network comes from, and that nobody measured it', async () => {
    await importMade('carded', {}, '--licence', 'MIT', '--notice', 'made by hand')
    const card = readFileSync(at('models', 'carded', 'README.md'), 'utf8')
    for (const part of ['carded.onnx', 'SHA-256', '40 x 48 px', 'MIT', 'made by hand', 'kindred evaluate']) {
      expect(card).toContain(part)
    }
  })

  it('gives a bundle that the other commands take, with tensors in a file beside the graph too', async () => {
    const { model, weights } = tinyNetwork({ size: 32, dimensions: 16 })
    writeFileSync(at('weights.safetensors'), weights)
    await importMade('external', model)
    const { out } = await run(
      evaluateCommand(),
      ...['--model', at('models', 'external'), '--data', at('set'), '--json'],
    )
    const { recall, counts } = JSON.parse(out) as {
      recall: Record<string, number>
      counts: { queries: number }
    }
    expect(counts.queries).toBe(16)
    // By chance, three of fifteen.
    expect(recall['1']).toBeGreaterThan(0.5)
  })

  it('asks for what the graph leaves open, and takes it', async () => {
    const open = {
      input: ['n', 'h', 'w', 'c'],
      outputs: { features: ['n', 'd'], flat: ['n', 12] },
    } satisfies MadeEncoder
    const told: string[] = []
    for (const [hint, ...flags] of [
      ['--output-name', '--output-name', 'features'],
      ['--layout', '--layout', 'nhwc'],
      ['--size', '--size', `${madeWidth}x${madeHeight}`],
      ['--dimensions', '--dimensions', `${madeDimensions}`],
    ] as const) {
      await expect(importMade('open', open, ...told)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        hint: expect.stringContaining(hint) as string,
      })
      told.push(...flags)
    }
    await importMade('open', open, ...told)
    expect((await loadBundle(at('models', 'open'))).manifest.embedding.dimensions).toBe(madeDimensions)
  })

  it.each<[string, MadeEncoder | Uint8Array, string[], string]>([
    ['a file that is no graph', Buffer.from('not a graph'), [], 'MODEL_UNSUITABLE'],
    ['a fixed number of pictures', { input: [4, madeHeight, madeWidth, 3] }, [], 'MODEL_UNSUITABLE'],
    ['a grey picture', { input: ['n', madeHeight, madeWidth, 1] }, [], 'MODEL_UNSUITABLE'],
    ['whole numbers', { type: 2 }, [], 'MODEL_UNSUITABLE'],
    ['a size that the graph does not have', {}, ['--size', '64'], 'MODEL_UNSUITABLE'],
    ['an output that is not there', {}, ['--output-name', 'logits'], 'INVALID_ARGUMENT'],
    ['the same embedding for every picture', { blind: true }, [], 'MODEL_UNSUITABLE'],
    ['a promise that it does not keep', { outputs: { features: ['n', 9] } }, [], 'EMBEDDER_FAILED'],
  ])('refuses %s, and leaves nothing behind', async (_, made, flags, code) => {
    await expect(importMade('refused', made, ...flags)).rejects.toMatchObject({ code })
    expect(existsSync(at('models')) ? readdirSync(at('models')) : []).not.toContain('refused')
    expect(readdirSync(at('models')).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('replaces a bundle only where it is told to', async () => {
    await importMade('twice', {})
    await expect(importMade('twice', {})).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      hint: expect.stringContaining('--replace') as string,
    })
    await importMade('twice', {}, '--replace', '--description', 'another')
    expect((await loadBundle(at('models', 'twice'))).manifest.description).toBe('another')
  })
})
