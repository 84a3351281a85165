import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CollectionStore } from '../../../src/collections/collection-store.js'
import type { ImportRow } from '../../../src/collections/import-catalogue.js'
import { reindexCollection } from '../../../src/collections/reindex/reindex-collection.js'
import { createStoreTarget } from '../../../src/collections/store-target.js'
import { DecoderPool } from '../../../src/images/decoding/decoder-pool.js'
import { defaultImageLimits } from '../../../src/images/limits.js'
import { decodesHere, type PictureDecoder } from '../../../src/images/picture-decoder.js'
import { slowJpeg } from '../../images/decoding/slow-pictures.js'
import { open } from '../embedded/support/open-store.js'
import { bytesOf, largePicture, newModel, oldModel } from '../reindex/support/pictured-collection.js'

/** So many scans of so many pixels are otherwise refused without being decoded. */
const limits = { ...defaultImageLimits, maxPixels: 1e9 }
/** Seconds to decode. */
const slow = slowJpeg(4096)

let pool: DecoderPool
beforeAll(() => {
  pool = new DecoderPool({ processes: 2, deadlineMs: 1500, idleMs: 60_000 })
})
afterAll(() => pool.close())

async function importThree(store: CollectionStore, decoder: PictureDecoder) {
  const embedder = oldModel()
  const { collection } = await store.createCollection('c', { model: embedder.model, dimensions: 4 })
  const target = createStoreTarget(store, collection, embedder, limits, { decoder })
  const pictures = [await largePicture(1), slow, await largePicture(2)]
  const rows = pictures.map((picture, at): ImportRow => {
    const metadata = { kind: 'cells', cells: {} } as const
    const row = { row: at + 1, id: `p${at}`, content: bytesOf(picture), group: null, metadata } as const
    return { row, metadata: {} }
  })
  return target.importChunk(rows, null)
}

describe('a row whose picture takes too long to decode', () => {
  it('is an error of that row, and the import goes on', async () => {
    const { store } = await open()
    const outcomes = await importThree(store, pool)
    expect(outcomes).toEqual([
      'embedded',
      expect.objectContaining({ code: 'IMAGE_TIMEOUT', message: expect.stringContaining('1.5 s') as string }),
      'embedded',
    ])
    expect((await store.listItems('c', { limit: 10 })).items).toMatchObject([
      { id: 'p0', kept: ['thumbnail'] },
      { id: 'p2', kept: ['thumbnail'] },
    ])
  })

  it('is one, too, where only what is kept of it takes too long', async () => {
    const { store } = await open()
    const quickForTheNetwork: PictureDecoder = {
      prepareInput: async (_bytes, transform) =>
        decodesHere.prepareInput(await largePicture(3), transform, { limits }),
      pictureToKeep: (...args) => pool.pictureToKeep(...args),
    }
    const outcomes = await importThree(store, quickForTheNetwork)
    expect(outcomes).toEqual(['embedded', expect.objectContaining({ code: 'IMAGE_TIMEOUT' }), 'embedded'])
  })
})

it('an item whose picture takes too long for another model is lost, and the others are embedded', async () => {
  const { store } = await open()
  await importThree(store, pool)
  const picture = { kind: 'original', mediaType: 'image/jpeg', bytes: slow } as const
  const embedding = await store.getEmbedding('c', 'p0')
  await store.putItems('c', [{ id: 'slow', embedding, contentHash: 'a'.repeat(64), picture }])
  const errors: object[] = []
  const { counts } = await reindexCollection(store, 'c', newModel(), {
    limits,
    decoder: pool,
    maxMissing: 0.5,
    report: (progress) => errors.push(...progress.errors),
  })
  expect(counts).toEqual({ total: 3, embedded: 2, unchanged: 0, failed: 1 })
  expect(errors).toEqual([expect.objectContaining({ id: 'slow', code: 'IMAGE_TIMEOUT' })])
})
