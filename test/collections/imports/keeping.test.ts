import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CollectionStore } from '../../../src/collections/collection-store.js'
import type { ImportOutcome } from '../../../src/collections/import-catalogue.js'
import { createStoreTarget } from '../../../src/collections/store-target.js'
import type { RowContent } from '../../../src/datasets/catalogues/catalogue-row.js'
import { openCatalogue } from '../../../src/datasets/catalogues/open-catalogue.js'
import type { Embedder } from '../../../src/embedding/embedder.js'
import { defaultImageLimits } from '../../../src/images/limits.js'
import { makeTar } from '../../datasets/catalogues/make-tar.js'
import { code, open } from '../embedded/support/open-store.js'
import { limits } from '../jobs/support/open-jobs.js'
import { bytesOf, fileOf, largePicture, oldModel } from '../reindex/support/pictured-collection.js'

async function importOne(
  store: CollectionStore,
  id: string,
  content: RowContent,
  embedder: Embedder,
): Promise<ImportOutcome | undefined> {
  const target = createStoreTarget(store, await store.getCollection('c'), embedder, defaultImageLimits)
  const row = { row: 1, id, content, group: null, metadata: { kind: 'cells', cells: {} } } as const
  return (await target.importChunk([{ row, metadata: {} }], null))[0]
}

const make = (store: CollectionStore, keep: 'thumbnail' | 'original' | 'path' | 'none' = 'thumbnail') =>
  store.createCollection('c', { model: 'fake@1', dimensions: 4, keep })

describe('what an import keeps of a picture', () => {
  it.each([
    ['thumbnail', ['path', 'thumbnail']],
    ['original', ['original']],
    ['path', ['path']],
    ['none', undefined],
  ] as const)('where a collection keeps %s', async (keep, kept) => {
    const { store, folder } = await open()
    await make(store, keep)
    const file = fileOf(path.join(folder, 'photos'), 'a.png', await largePicture(1))
    expect(await importOne(store, 'a', file, oldModel())).toBe('embedded')
    expect((await store.getItem('c', 'a')).kept).toEqual(kept)
    const { path: place } = await store.getKept('c', 'a')
    expect(place).toBe(kept?.includes('path' as never) ? file.file : null)
  })

  it('is no path for pictures that stood in the row, or were unpacked from an archive', async () => {
    const { store, folder } = await open()
    await make(store)
    const picture = await largePicture(1)
    await importOne(store, 'row', bytesOf(picture), oldModel())
    const archive = path.join(folder, 'a.tar')
    writeFileSync(archive, await makeTar([{ name: 'one.png', content: picture }]))
    const catalogue = await openCatalogue(archive, { limits, under: path.join(folder, 'unpacked') })
    for await (const entry of catalogue.entries()) {
      if (entry.kind === 'row') await importOne(store, 'member', entry.row.content, oldModel())
    }
    await catalogue.close()
    expect((await store.getItem('c', 'row')).kept).toEqual(['thumbnail'])
    expect((await store.getItem('c', 'member')).kept).toEqual(['thumbnail'])
  })

  it('is added to items of an older version without embedding them, and follows files that have moved', async () => {
    const { store, folder } = await open()
    await make(store)
    const bytes = await largePicture(1)
    const first = fileOf(path.join(folder, 'photos'), 'a.png', bytes)
    await importOne(store, 'a', first, oldModel())
    // As a program wrote it that kept nothing.
    const { contentHash } = await store.getItem('c', 'a')
    const embedding = await store.getEmbedding('c', 'a')
    await store.deleteItems('c', ['a'])
    await store.putItems('c', [{ id: 'a', embedding, contentHash }])
    expect(await store.getItem('c', 'a')).not.toHaveProperty('kept')
    const embedder = oldModel()
    expect(await importOne(store, 'a', first, embedder)).toBe('unchanged')
    expect((await store.getItem('c', 'a')).kept).toEqual(['path', 'thumbnail'])
    const { updatedAt } = await store.getItem('c', 'a')
    expect(await importOne(store, 'a', first, embedder)).toBe('unchanged')
    expect((await store.getItem('c', 'a')).updatedAt).toBe(updatedAt)
    const moved = fileOf(path.join(folder, 'elsewhere'), 'a.png', bytes)
    expect(await importOne(store, 'a', moved, embedder)).toBe('unchanged')
    expect(await store.getKept('c', 'a')).toMatchObject({ path: moved.file, picture: { kind: 'thumbnail' } })
    expect(embedder.count()).toBe(0)
    expect([...(await store.getEmbedding('c', 'a'))]).toEqual([...embedding])
  })

  it('embeds the picture itself where a change of model had its thumbnail alone', async () => {
    const { store } = await open()
    await make(store)
    const bytes = await largePicture(1)
    await importOne(store, 'a', bytesOf(bytes), oldModel())
    const { contentHash } = await store.getItem('c', 'a')
    await store.putItems('c', [
      { id: 'a', embedding: Float32Array.of(1, 0, 0, 0), contentHash, embeddedFrom: 'thumbnail' },
    ])
    const embedder = oldModel()
    expect(await importOne(store, 'a', bytesOf(bytes), embedder)).toBe('embedded')
    expect(embedder.count()).toBe(1)
    expect(await store.getItem('c', 'a')).not.toHaveProperty('embeddedFrom')
  })

  it('reads regular files alone: a device or a pipe might never end', async () => {
    const { store } = await open()
    await make(store)
    const content = { kind: 'file', file: '/dev/zero', name: '/dev/zero' } as const
    expect(await importOne(store, 'a', content, oldModel())).toEqual(code('IMAGE_UNREADABLE'))
  })

  it('does not write into a collection that has another model by now', async () => {
    const { store } = await open()
    await make(store)
    const target = createStoreTarget(store, await store.getCollection('c'), oldModel(), defaultImageLimits)
    await store.deleteCollection('c')
    await store.createCollection('c', { model: 'fake@2', dimensions: 4 })
    const row = {
      row: 1,
      id: 'a',
      content: bytesOf(await largePicture(1)),
      group: null,
      metadata: { kind: 'cells', cells: {} },
    } as const
    await expect(target.importChunk([{ row, metadata: {} }], null)).rejects.toEqual(code('MODEL_MISMATCH'))
  })
})
