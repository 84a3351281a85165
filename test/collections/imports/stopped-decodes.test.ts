import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImportRow } from '../../../src/collections/import-catalogue.js'
import type { ReindexProgress } from '../../../src/collections/reindex/reindex-progress.js'
import { reindexCollection } from '../../../src/collections/reindex/reindex-collection.js'
import { createStoreTarget } from '../../../src/collections/store-target.js'
import { DecoderPool } from '../../../src/images/decoding/decoder-pool.js'
import { defaultImageLimits } from '../../../src/images/limits.js'
import { decodesHere, type PictureDecoder } from '../../../src/images/picture-decoder.js'
import type { Keep } from '../../../src/images/picture-to-keep.js'
import { slowJpeg } from '../../images/decoding/slow-pictures.js'
import { open } from '../embedded/support/open-store.js'
import { bytesOf, largePicture, newModel, oldModel } from '../reindex/support/pictured-collection.js'

/** So many scans of so many pixels are otherwise refused without being decoded. */
const limits = { ...defaultImageLimits, maxPixels: 1e9 }
/** Each is decoded for seconds: all of them for longer than a test may take. */
const slowOnes = Array.from({ length: 12 }, (_, n) => Buffer.concat([slowJpeg(4096), Buffer.of(n)]))

let pool: DecoderPool
beforeEach(() => {
  pool = new DecoderPool({ processes: 1, deadlineMs: 60_000, slowMs: 20 })
})
afterEach(() => pool.close())

/** As if every picture were another quick one. */
const quickly: PictureDecoder['prepareInput'] = async (bytes, transform) =>
  decodesHere.prepareInput(await largePicture(bytes.length), transform, { limits })

const patiently = { timeout: 20_000 }
/** When only slow pictures are being decoded, one process more than there should be. */
const untilSlow = () => expect.poll(() => pool.running, patiently).toBe(2)

describe('an import that is stopped', () => {
  it.each([
    ['decoded for the network', 'none', (...args) => pool.prepareInput(...args)],
    ['made small', 'thumbnail', quickly],
  ] as [string, Keep, PictureDecoder['prepareInput']][])(
    'gives up slow pictures that are %s, says nothing of them, and keeps what is done',
    async (_what, keep, prepareInput) => {
      const { store } = await open()
      const embedder = oldModel()
      const spec = { model: embedder.model, dimensions: 4, keep }
      const { collection } = await store.createCollection('c', spec)
      const pictures = [await largePicture(1), ...slowOnes]
      // Mostly the one that is quick; but a slow one may have been sent before it.
      const done: string[] = []
      const decoder: PictureDecoder = {
        prepareInput,
        async pictureToKeep(bytes, ...how) {
          const kept = await pool.pictureToKeep(bytes, ...how)
          done.push(`p${pictures.findIndex((picture) => picture.equals(bytes))}`)
          return kept
        },
      }
      const target = createStoreTarget(store, collection, embedder, limits, { decoder })
      const rows = pictures.map((picture, at): ImportRow => {
        const metadata = { kind: 'cells', cells: {} } as const
        const row = { row: at + 1, id: `p${at}`, content: bytesOf(picture), group: null, metadata } as const
        return { row, metadata: {} }
      })
      const abort = new AbortController()
      const taken = target.importChunk(rows, null, abort.signal)
      taken.catch(() => undefined)
      await expect.poll(() => done.length, patiently).toBeGreaterThan(0)
      await untilSlow()
      abort.abort()
      await expect(taken).rejects.toBe(abort.signal.reason)
      await expect.poll(() => pool.running, patiently).toBe(0)
      const { items } = await store.listItems('c', { limit: 20 })
      expect(items.map(({ id }) => id)).toEqual(done.sort())
    },
    30_000,
  )
})

it('a change of model that is stopped gives them up, too, and embeds no item twice', async () => {
  const { store } = await open()
  await store.createCollection('c', { model: 'fake@1', dimensions: 4 })
  const embedding = Float32Array.of(1, 0, 0, 0)
  const pictures = [await largePicture(1), ...slowOnes]
  const items = pictures.map((bytes, at) => ({
    id: `p${at}`,
    embedding,
    contentHash: String(at).padStart(64, '0'),
    picture: { kind: 'original', mediaType: 'image/jpeg', bytes } as const,
  }))
  await store.putItems('c', items)
  const model = newModel()
  const abort = new AbortController()
  const reports: ReindexProgress[] = []
  const change = reindexCollection(store, 'c', model, {
    limits,
    decoder: pool,
    maxMissing: 0,
    signal: abort.signal,
    report: (progress) => reports.push(progress),
  })
  change.catch(() => undefined)
  await expect.poll(() => model.count(), patiently).toBeGreaterThan(0)
  await untilSlow()
  abort.abort()
  await expect(change).rejects.toBe(abort.signal.reason)
  await expect.poll(() => pool.running, patiently).toBe(0)
  expect(reports.flatMap(({ errors }) => errors)).toEqual([])
  // What was embedded is there for the next run.
  const successor = await store.successors.begin('c', model)
  expect(await successor.contentHashes(items.map(({ id }) => id))).toHaveProperty('size', model.count())
}, 30_000)
