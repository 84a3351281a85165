import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CollectionStore } from '../../../src/collections/collection-store.js'
import type { Item } from '../../../src/collections/item.js'
import {
  reindexCollection,
  type ReindexOptions,
} from '../../../src/collections/reindex/reindex-collection.js'
import type { ReindexProgress } from '../../../src/collections/reindex/reindex-progress.js'
import { embedImage } from '../../../src/embedding/embed-image.js'
import { defaultImageLimits } from '../../../src/images/limits.js'
import { randomFrom } from '../embedded/support/fixtures.js'
import { code, open } from '../embedded/support/open-store.js'
import {
  bytesOf,
  fileOf,
  largePicture,
  manyPictures,
  newItem,
  newModel,
  oldCollection,
} from './support/pictured-collection.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const options = (rest: Partial<ReindexOptions> = {}): ReindexOptions => ({
  limits: defaultImageLimits,
  maxMissing: 0,
  ...rest,
})

/** An item without the time of its newest write. */
const withoutTime = ({ updatedAt, ...rest }: Item): Omit<Item, 'updatedAt'> => {
  expect(updatedAt).toMatch(/Z$/)
  return rest
}

const allItems = async (store: CollectionStore): Promise<Omit<Item, 'updatedAt'>[]> =>
  (await store.listItems('c', { limit: 1000 })).items.map(withoutTime)

const expectEmbedding = async (store: CollectionStore, id: string, picture: Uint8Array): Promise<void> => {
  const { embedding } = await embedImage(newModel(), picture)
  expect([...(await store.getEmbedding('c', id))]).toEqual([...embedding])
}

describe('a change of model', () => {
  it('embeds from the file where it lies still, else from the original, else from the thumbnail, and says which', async () => {
    const folder = temporaryFolder()
    const { store } = await open(folder)
    const put = await oldCollection(store)
    const [here, gone, changed, small] = await Promise.all([1, 2, 3, 4].map(largePicture))
    if (!here || !gone || !changed || !small) throw new Error('no pictures')
    const files = ['here', 'gone', 'changed'].map((name, at) =>
      fileOf(path.join(folder, 'photos'), name, [here, gone, changed][at] ?? here),
    )
    await put([
      ['here', files[0] ?? bytesOf(here)],
      ['gone', files[1] ?? bytesOf(gone)],
      ['changed', files[2] ?? bytesOf(changed)],
      ['posted', bytesOf(small)],
    ])
    rmSync(files[1]?.file ?? '')
    writeFileSync(files[2]?.file ?? '', here)
    const before = await allItems(store)
    const embedder = newModel()
    const { collection, counts, fromThumbnails } = await reindexCollection(store, 'c', embedder, options())
    expect(collection).toMatchObject({ name: 'c', model: 'fake@2', dimensions: 6, counts: { items: 4 } })
    expect(counts).toEqual({ total: 4, embedded: 4, unchanged: 0, failed: 0 })
    expect(fromThumbnails).toBe(3)
    await expectEmbedding(store, 'here', here)
    for (const id of ['gone', 'changed', 'posted']) {
      const { picture } = await store.getKept('c', id)
      expect(picture?.kind).toBe('thumbnail')
      await expectEmbedding(store, id, picture?.bytes ?? here)
    }
    // All but the embedding is as it was.
    expect(await allItems(store)).toEqual(
      before.map((item) => (item.id === 'here' ? item : { ...item, embeddedFrom: 'thumbnail' })),
    )
    expect(before.map(({ kept }) => kept)).toEqual([
      ['path', 'thumbnail'],
      ['path', 'thumbnail'],
      ['path', 'thumbnail'],
      ['thumbnail'],
    ])
  })

  it('embeds from kept originals what no file is left of', async () => {
    const { store } = await open()
    const put = await oldCollection(store, { keep: 'original' })
    await put(await manyPictures(40))
    const { fromThumbnails } = await reindexCollection(store, 'c', newModel(), options())
    expect(fromThumbnails).toBe(0)
    await expectEmbedding(store, 'p-007', await largePicture(7))
  })

  it('is asked by its own model afterwards, refuses the old one, and can be taken back until it is dropped', async () => {
    const { store, folder } = await open()
    const put = await oldCollection(store)
    await put(await manyPictures(3))
    const oldEmbedding = await store.getEmbedding('c', 'p-001')
    await reindexCollection(store, 'c', newModel(), options())
    await expect(store.search('c', { embedding: oldEmbedding, k: 1, model: 'fake@1' })).rejects.toEqual(
      code('MODEL_MISMATCH'),
    )
    await expect(
      store.putItems('c', [{ id: 'x', embedding: oldEmbedding }], { model: 'fake@1' }),
    ).rejects.toEqual(code('MODEL_MISMATCH'))
    const embedding = await store.getEmbedding('c', 'p-001')
    const { hits } = await store.search('c', { embedding, k: 1, model: 'fake@2' })
    expect(hits).toMatchObject([{ id: 'p-001' }])
    await store.close()
    const again = (await open(folder)).store
    expect(await again.rollBack('c')).toMatchObject({ model: 'fake@1', counts: { items: 3 } })
    expect([...(await again.getEmbedding('c', 'p-001'))]).toEqual([...oldEmbedding])
    await again.dropPrevious('c')
    await expect(again.rollBack('c')).rejects.toEqual(code('PREVIOUS_NOT_FOUND'))
  })

  it('reports what cannot be embedded, and takes place only where few enough are lost', async () => {
    const { store, folder } = await open()
    const put = await oldCollection(store, { keep: 'path' })
    const file = fileOf(path.join(folder, 'photos'), 'a', await largePicture(1))
    await put([['a', file]])
    await store.putItems('c', [{ id: 'ready-made', embedding: Float32Array.of(1, 0, 0, 0) }])
    const reports: ReindexProgress[] = []
    const report = (progress: ReindexProgress): void => void reports.push(progress)
    await expect(
      reindexCollection(store, 'c', newModel(), options({ maxMissing: 0.4, report })),
    ).rejects.toEqual(code('REINDEX_INCOMPLETE'))
    expect(reports.flatMap(({ errors }) => errors)).toEqual([
      {
        row: expect.any(Number) as number,
        id: 'ready-made',
        code: 'IMAGE_NOT_KEPT',
        reason: 'The embedding was made elsewhere: there is no picture of the item',
      },
    ])
    expect(await store.getCollection('c')).toMatchObject({ model: 'fake@1', counts: { items: 2 } })
    // What was embedded is not embedded again.
    const second = newModel()
    const { counts } = await reindexCollection(store, 'c', second, options({ maxMissing: 0.5 }))
    expect(counts).toEqual({ total: 2, embedded: 0, unchanged: 1, failed: 1 })
    expect(second.count()).toBe(0)
    expect((await allItems(store)).map(({ id }) => id)).toEqual(['a'])
  })

  it('says of a file that is gone, and of which no copy is kept, that it is gone', async () => {
    const { store, folder } = await open()
    const put = await oldCollection(store, { keep: 'path' })
    const file = fileOf(path.join(folder, 'photos'), 'a', await largePicture(1))
    await put([['a', file]])
    rmSync(file.file)
    const reasons: string[] = []
    const report = ({ errors }: ReindexProgress): void =>
      void reasons.push(...errors.map(({ reason }) => reason))
    await expect(reindexCollection(store, 'c', newModel(), options({ report }))).rejects.toEqual(
      code('REINDEX_INCOMPLETE'),
    )
    expect(reasons).toEqual([expect.stringContaining('is gone or has changed')])
  })

  it('goes on where it was stopped, and embeds no item twice', async () => {
    const { store, folder } = await open()
    const put = await oldCollection(store)
    await put(await manyPictures(200))
    const abort = new AbortController()
    const reason = new Error('stopped')
    const first = newModel(() => {
      if (first.count() >= 70) abort.abort(reason)
    })
    let last: ReindexProgress | undefined
    const report = (progress: ReindexProgress): void => void (last = progress)
    await expect(
      reindexCollection(store, 'c', first, options({ signal: abort.signal, report })),
    ).rejects.toBe(reason)
    expect(last?.counts.total).toBeGreaterThan(0)
    expect(await store.getCollection('c')).toMatchObject({ model: 'fake@1' })
    await store.close()
    const again = (await open(folder)).store
    const second = newModel()
    const from = {
      checkpoint: last?.checkpoint ?? null,
      counts: last?.counts ?? { total: 0, embedded: 0, unchanged: 0, failed: 0 },
    }
    const { counts } = await reindexCollection(again, 'c', second, options({ from }))
    expect(counts).toEqual({ total: 200, embedded: 200, unchanged: 0, failed: 0 })
    expect(first.count()).toBeLessThan(200)
    expect(first.count() + second.count()).toBe(200)
    expect(await again.getCollection('c')).toMatchObject({ model: 'fake@2', counts: { items: 200 } })
  })

  it('begins anew for yet another model, or where what was begun is gone', async () => {
    const { store } = await open()
    const put = await oldCollection(store)
    await put(await manyPictures(5))
    await store.putItems('c', [{ id: 'ready-made', embedding: Float32Array.of(1, 0, 0, 0) }])
    let checkpoint: string | null = null
    const report = (progress: ReindexProgress): void => void (checkpoint = progress.checkpoint)
    const refused = reindexCollection(store, 'c', newModel(), options({ report }))
    await expect(refused).rejects.toEqual(code('REINDEX_INCOMPLETE'))
    expect(await store.successors.abandon('c')).toBe(true)
    expect(await store.successors.abandon('c')).toBe(false)
    let startedOver = 0
    const third = newModel()
    await reindexCollection(
      store,
      'c',
      third,
      options({
        maxMissing: 1,
        from: { checkpoint, counts: { total: 6, embedded: 5, unchanged: 0, failed: 1 } },
        onStartOver: () => startedOver++,
      }),
    )
    expect([startedOver, third.count()]).toEqual([1, 5])
  })

  it('refuses the model that the collection has', async () => {
    const { store } = await open()
    await oldCollection(store)
    const same = { ...newModel(), model: 'renamed@1' }
    await expect(reindexCollection(store, 'c', same, options())).rejects.toEqual(code('INVALID_ARGUMENT'))
  })

  it('ends without harm where the collection is replaced meanwhile', async () => {
    const { store } = await open()
    const put = await oldCollection(store)
    await put(await manyPictures(100))
    await store.snapshots.create('c', 's')
    let restored: Promise<unknown> | undefined
    const embedder = newModel(async () => {
      restored ??= store.snapshots.restore('c', 's')
      await restored
    })
    await expect(reindexCollection(store, 'c', embedder, options())).rejects.toEqual(code('SUCCESSOR_GONE'))
    expect(await store.getCollection('c')).toMatchObject({ model: 'fake@1', counts: { items: 100 } })
  })

  it('is in no snapshot of the collection while it is unfinished', async () => {
    const { store } = await open()
    const put = await oldCollection(store)
    await put(await manyPictures(2))
    await store.successors.begin('c', newModel())
    await store.snapshots.create('c', 's')
    await store.snapshots.restore('c', 's', 'd')
    await store.deleteItems('d', ['p-000'])
    const successor = await store.successors.begin('d', newModel())
    expect(await successor.changes(10)).toEqual([])
  })
})

describe('writes while the model changes', () => {
  it('are carried over: what the collection has in the end is what the new one has, whatever came when', async () => {
    const { store } = await open()
    const put = await oldCollection(store)
    await put(await manyPictures(150))
    const random = randomFrom(7)
    const pick = (): string => `p-${String(Math.floor(random() * 170)).padStart(3, '0')}`
    let writes = 0
    const write = async (): Promise<void> => {
      writes++
      const id = pick()
      const kind = random()
      if (kind < 0.4) await store.putItems('c', [await newItem(id, 1000 + writes)], { model: 'fake@1' })
      else if (kind < 0.7) await store.deleteItems('c', [id])
      else {
        const patch = { metadata: { note: writes }, group: `late-${writes}` }
        await store.patchItem('c', id, patch).catch((error: unknown) => {
          expect(error).toEqual(code('ITEM_NOT_FOUND'))
        })
      }
    }
    // There are more pictures than writes, so that none of them waits for the swap.
    const embedder = newModel(async () => {
      if (writes < 120) await write()
    })
    let before: Omit<Item, 'updatedAt'>[] = []
    const install = spyInstall(store)
    install.beforeSwap = async () => {
      before = await allItems(store)
    }
    await reindexCollection(store, 'c', embedder, options())
    expect(writes).toBe(120)
    const after = await allItems(store)
    expect(after.length).toBeGreaterThan(50)
    expect(after.map(({ embeddedFrom, ...rest }) => ({ ...rest, ...(embeddedFrom && {}) }))).toEqual(before)
    for (const { id } of after.filter((_, at) => at % 7 === 0)) {
      const { picture } = await store.getKept('c', id)
      await expectEmbedding(store, id, picture?.bytes ?? new Uint8Array())
    }
  })

  it('wait for the swap, and are then held against the new model', async () => {
    const { store } = await open()
    const put = await oldCollection(store)
    await put(await manyPictures(4))
    const late: Promise<unknown>[] = []
    const install = spyInstall(store)
    install.beforeSwap = async () => {
      const item = await newItem('late', 900)
      late.push(
        store.putItems('c', [item], { model: 'fake@1' }),
        store.deleteItems('c', ['p-000']),
        store.patchItem('c', 'p-001', { group: 'after' }),
      )
    }
    await reindexCollection(store, 'c', newModel(), options())
    const [refused, deleted, patched] = await Promise.allSettled(late)
    expect(refused).toMatchObject({ status: 'rejected', reason: code('MODEL_MISMATCH') })
    expect(deleted).toMatchObject({ status: 'fulfilled', value: 1 })
    expect(patched).toMatchObject({ status: 'fulfilled', value: { group: 'after' } })
    expect((await allItems(store)).map(({ id, group }) => [id, group])).toEqual([
      ['p-001', 'after'],
      ['p-002', 'g2'],
      ['p-003', 'g0'],
    ])
  })
})

/** Lets a test come in between the last change that is carried over and the swap. */
function spyInstall(store: CollectionStore): { beforeSwap: () => Promise<void> } {
  const hook = { beforeSwap: (): Promise<void> => Promise.resolve() }
  const begin = store.successors.begin.bind(store.successors)
  store.successors.begin = async (...args) => {
    const successor = await begin(...args)
    const install = successor.install.bind(successor)
    successor.install = (finish) =>
      install(async () => {
        await finish()
        await hook.beforeSwap()
      })
    return successor
  }
  return hook
}
