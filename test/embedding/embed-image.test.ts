import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { embedImage } from '../../src/embedding/embed-image.js'
import type { Embedder } from '../../src/embedding/embedder.js'
import { createOnnxEmbedder } from '../../src/embedding/onnx-embedder.js'
import { defaultImageLimits } from '../../src/images/limits.js'
import { writeTinyBundle } from '../support/tiny-bundle.js'

let folder: string
let embedder: Embedder
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kindred-embed-image-'))
  const bundle = await writeTinyBundle(path.join(folder, 'tiny'))
  embedder = await createOnnxEmbedder(bundle, { provider: 'cpu', threads: 1, maxBatch: 4 })
})
afterAll(async () => {
  await embedder.close()
  await rm(folder, { recursive: true, force: true })
})

/** Left half of one colour, right half of another. */
async function picture(
  left: string,
  right: string,
  format: 'png' | 'jpeg' | 'webp' = 'png',
): Promise<Uint8Array> {
  const half = await sharp({ create: { width: 40, height: 60, channels: 3, background: left } })
    .png()
    .toBuffer()
  const whole = sharp({ create: { width: 80, height: 60, channels: 3, background: right } })
  return whole
    .composite([{ input: half, left: 0, top: 0 }])
    .toFormat(format)
    .toBuffer()
}

const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0)
const embeddingOf = async (bytes: Uint8Array, options?: Parameters<typeof embedImage>[2]) =>
  (await embedImage(embedder, bytes, options)).embedding

test('the same scene is near itself in another format, and far from other colours', async () => {
  const png = await embeddingOf(await picture('red', 'blue'))
  const jpeg = await embeddingOf(await picture('red', 'blue', 'jpeg'))
  const other = await embeddingOf(await picture('lime', 'white'))
  expect(Math.hypot(...png)).toBeCloseTo(1, 6)
  expect(cosine(png, jpeg)).toBeGreaterThan(0.999)
  expect(cosine(png, other)).toBeLessThan(0.9)
})

test('a crop is embedded as the picture that shows only that', async () => {
  const cropped = await embeddingOf(await picture('red', 'blue'), { crop: { x0: 0, y0: 0, x1: 0.5, y1: 1 } })
  expect(cosine(cropped, await embeddingOf(await picture('red', 'red')))).toBeGreaterThan(0.9999)
})

test('timings are milliseconds of both parts', async () => {
  const started = performance.now()
  const { timings } = await embedImage(embedder, await picture('red', 'blue'))
  expect(timings.decode).toBeGreaterThan(0)
  expect(timings.embed).toBeGreaterThan(0)
  expect(timings.decode + timings.embed).toBeLessThanOrEqual(performance.now() - started)
})

describe('errors', () => {
  test('of the picture come through with their code', async () => {
    await expect(embedImage(embedder, Buffer.from('no picture'))).rejects.toMatchObject({
      code: 'IMAGE_UNSUPPORTED',
    })
    const limits = { ...defaultImageLimits, maxPixels: 100 }
    await expect(embedImage(embedder, await picture('red', 'blue'), { limits })).rejects.toMatchObject({
      code: 'IMAGE_TOO_MANY_PIXELS',
    })
  })

  test('an abort gives its reason', async () => {
    const reason = new Error('client went away')
    const bytes = await picture('red', 'blue')
    await expect(embedImage(embedder, bytes, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const pending = embedImage(embedder, bytes, { signal: controller.signal })
    controller.abort(reason)
    await expect(pending).rejects.toBe(reason)
  })
})
