import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { measureServeLatency } from '../../../scripts/bench/serve-latency.js'
import { startChildServer } from '../../../scripts/bench/child-server.js'
import type { Bundle } from '../../../src/bundles/bundle.js'
import { openEmbeddedStore } from '../../../src/collections/embedded/embedded-store.js'
import { createOnnxEmbedder } from '../../../src/embedding/onnx-embedder.js'
import { embedImage } from '../../../src/embedding/embed-image.js'
import { createLogger } from '../../../src/log.js'
import { writeTinyBundle } from '../../support/tiny-bundle.js'

const logger = createLogger('silent')
const colours = ['red', 'lime', 'blue', 'orange']
const collection = 'colours'

let folder: string
let bundle: Bundle
const closing: (() => Promise<void>)[] = []
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kindred-bench-'))
  bundle = await writeTinyBundle(path.join(folder, 'models', 'tiny'))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await rm(folder, { recursive: true, force: true })
})

const photoOf = async (background: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(
    await sharp({ create: { width: 64, height: 48, channels: 3, background } })
      .jpeg()
      .toBuffer(),
  )

async function openParts(name: string) {
  const store = await openEmbeddedStore(path.join(folder, name), { logger })
  const embedder = await createOnnxEmbedder(bundle, { provider: 'cpu', threads: 1, maxBatch: 4 })
  await store.createCollection(collection, { model: bundle.model, dimensions: embedder.dimensions })
  for (const id of colours) {
    const { embedding } = await embedImage(embedder, await photoOf(id))
    await store.putItems(collection, [{ id, embedding }])
  }
  const close = async () => {
    await embedder.close()
    await store.close()
  }
  return { store, embedder, close }
}

test('photos posted to a server in its own process are timed beside their parts', async () => {
  const served = await openParts('served')
  await served.close()
  const { store, embedder, close } = await openParts('alone')
  closing.push(close)
  const server = await startChildServer([
    ...['--store', path.join(folder, 'served'), '--model', bundle.folder],
    ...['--models', path.dirname(bundle.folder), '--port', '0', '--log-level', 'warn'],
  ])
  closing.push(() => server.close())
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)

  const photos = await Promise.all(colours.map(photoOf))
  const parts = { photos, collection, k: 2, repeats: 2, seed: 1, url: server.url, embedder, store }
  const rounds = await measureServeLatency(parts)
  expect(rounds).toHaveLength(2)
  for (const { decode, embed, search, sum, answered, answeredP95, ratio } of rounds) {
    for (const time of [decode, embed, search]) expect(time).toBeGreaterThan(0)
    expect(sum).toBeGreaterThan(Math.max(decode, embed, search))
    expect(answeredP95).toBeGreaterThanOrEqual(answered)
    expect(ratio).toBeCloseTo(answered / sum)
  }

  const elsewhere = measureServeLatency({ ...parts, url: `${server.url}/nowhere` })
  await expect(elsewhere).rejects.toMatchObject({
    message: expect.stringContaining('answered 404') as string,
  })
})

test('a server that cannot start says why', async () => {
  await expect(
    startChildServer([
      '--store',
      path.join(folder, 'store'),
      '--model',
      path.join(folder, 'no-model'),
      '--port',
      '0',
    ]),
  ).rejects.toMatchObject({ message: expect.stringContaining('There is no model bundle') as string })
})
