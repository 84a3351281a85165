import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { CollectionStore } from '../../../src/collections/collection-store.js'
import { contentOf, randomFrom, unitEmbeddings } from './support/fixtures.js'
import { code, open, plane, item } from './support/open-store.js'

const withGraph = { scanBelow: 0, snapshotAfter: 100, sliceMs: 5 }
const spec = { model: 'm@1', dimensions: 16, fields: { price: 'number' } } as const

async function filled(store: CollectionStore, count = 300): Promise<Float32Array[]> {
  const embeddings = unitEmbeddings(count, 16)
  await store.createCollection('c', spec)
  await store.putItems(
    'c',
    embeddings.map((embedding, i) => ({
      id: `i${i}`,
      embedding,
      group: `g${i % 7}`,
      metadata: { price: i },
    })),
  )
  return embeddings
}

/** All items and embeddings of a collection. */
async function everything(store: CollectionStore, collection: string): Promise<unknown[]> {
  const { items } = await store.listItems(collection, { limit: 1000 })
  return Promise.all(
    items.map(async (one) => ({ ...one, embedding: await store.getEmbedding(collection, one.id) })),
  )
}

const bytesOf = async (store: CollectionStore, collection: string, name: string): Promise<Buffer> =>
  buffer((await store.snapshots.read(collection, name)).content)

describe('a snapshot of a collection', () => {
  it('brings back what was there, in the place of what came after, which is kept to roll back to', async () => {
    const { store } = await open(undefined, withGraph)
    await filled(store)
    const before = await everything(store, 'c')
    const snapshot = await store.snapshots.create('c', 'first')
    expect(snapshot).toMatchObject({
      name: 'first',
      collection: 'c',
      model: 'm@1',
      dimensions: 16,
      counts: { items: 300, groups: 7 },
    })
    await store.deleteItems('c', ['i0', 'i1'])
    await store.putItems('c', [{ id: 'later', embedding: unitEmbeddings(1, 16, 9)[0] ?? new Float32Array() }])
    const after = await everything(store, 'c')

    expect((await store.snapshots.restore('c', 'first')).counts.items).toBe(300)
    expect(await everything(store, 'c')).toEqual(before)
    await store.rollBack('c')
    expect(await everything(store, 'c')).toEqual(after)
    await store.rollBack('c')
    expect(await everything(store, 'c')).toEqual(before)
    await store.dropPrevious('c')
    await expect(store.rollBack('c')).rejects.toThrow(code('PREVIOUS_NOT_FOUND'))
  })

  it('is one moment of a collection that is being written to: whole transactions, all that came before', async () => {
    const { store } = await open(undefined, withGraph)
    await store.createCollection('c', { model: null, dimensions: 2 })
    const state = { stop: false }
    let acknowledged = 0
    const writing = (async () => {
      // Two items a transaction, which must never be apart.
      for (let i = 0; !state.stop && i < 5000; i++) {
        await store.putItems('c', [item(`a${i}`, 1, i), item(`b${i}`, -1, i)])
        acknowledged = i + 1
      }
    })()
    try {
      for (let round = 0; round < 3; round++) {
        const promised = acknowledged
        await store.snapshots.create('c', `s${round}`)
        const { counts } = await store.snapshots.restore('c', `s${round}`, `copy${round}`)
        const { items } = await store.listItems(`copy${round}`, { limit: 1000 })
        expect(counts.items % 2).toBe(0)
        expect(counts.items / 2).toBeGreaterThanOrEqual(promised)
        const ids = new Set(items.map(({ id }) => id))
        if (counts.items <= 1000) {
          for (let i = 0; i < counts.items / 2; i++)
            expect([ids.has(`a${i}`), ids.has(`b${i}`)]).toEqual([true, true])
        }
      }
    } finally {
      state.stop = true
      await writing
    }
  })

  it('moves to another machine, under another name, with its graph', async () => {
    const here = await open(undefined, withGraph)
    const embeddings = await filled(here.store)
    const [uid = ''] = readdirSync(path.join(here.folder, 'collections'))
    const graph = path.join(here.folder, 'collections', uid, 'graph.json')
    await expect.poll(() => existsSync(graph), { timeout: 20_000 }).toBe(true)
    await here.store.snapshots.create('c', 's')
    const file = await bytesOf(here.store, 'c', 's')
    expect(file.includes('graph.json')).toBe(true)

    const there = await open(undefined, withGraph)
    await there.store.snapshots.add('moved', 'from-afar', Readable.from([file]))
    expect(await there.store.snapshots.list('moved')).toMatchObject([
      { name: 'from-afar', collection: 'moved' },
    ])
    await there.store.snapshots.restore('moved', 'from-afar')
    expect(await everything(there.store, 'moved')).toEqual(await everything(here.store, 'c'))
    const query = { embedding: embeddings[5] ?? new Float32Array(), k: 1 }
    expect((await there.store.search('moved', query)).hits[0]?.id).toBe('i5')
    expect(there.lines()).not.toMatch(/cannot be used/)
  })

  it('outlives its collection, and brings it back', async () => {
    const { store, folder } = await open()
    await filled(store, 10)
    await store.snapshots.create('c', 's')
    await store.deleteCollection('c')
    await store.close()
    const { store: reopened } = await open(folder)
    await reopened.snapshots.restore('c', 's')
    expect((await reopened.getCollection('c')).counts.items).toBe(10)
    await reopened.snapshots.remove('c', 's')
    expect(await reopened.snapshots.list('c')).toEqual([])
    await expect(reopened.snapshots.restore('c', 's')).rejects.toThrow(code('SNAPSHOT_NOT_FOUND'))
  })

  it('is listed oldest first, named by its time where no name is given, and never replaced', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    const { name } = await store.snapshots.create('c')
    expect(name).toMatch(/^\d{8}T\d{6}Z$/)
    await store.snapshots.create('c', 'a')
    expect((await store.snapshots.list('c')).map((one) => one.name)).toEqual([name, 'a'])
    await expect(store.snapshots.create('c', 'a')).rejects.toThrow(code('SNAPSHOT_EXISTS'))
    await expect(store.snapshots.create('none')).rejects.toThrow(code('COLLECTION_NOT_FOUND'))
    for (const bad of ['', '../x', '.x', 'a/b', 'x'.repeat(129)]) {
      await expect(store.snapshots.create('c', bad)).rejects.toThrow(code('INVALID_ARGUMENT'))
      await expect(store.snapshots.remove('c', bad)).rejects.toThrow(code('INVALID_ARGUMENT'))
    }
  })
})

describe('a damaged snapshot', () => {
  it(
    'is refused wherever it is cut or changed, and the collection stays as it is',
    { timeout: 120_000 },
    async () => {
      const { store, folder } = await open(undefined, withGraph)
      await filled(store, 60)
      await store.snapshots.create('c', 's')
      const whole = await bytesOf(store, 'c', 's')
      const before = await everything(store, 'c')
      const random = randomFrom(4)
      const place = (): number => Math.floor(random() * whole.length)
      const damages = [
        ...Array.from({ length: 6 }, () => whole.subarray(0, place())),
        ...Array.from({ length: 6 }, () => {
          const copy = Buffer.from(whole)
          const at = place()
          copy.fill(0, at, at + 512)
          return copy
        }),
        Buffer.alloc(0),
        Buffer.from('not a snapshot'),
      ].filter((damaged) => !damaged.equals(whole))
      expect(damages.length).toBeGreaterThan(8)
      const folders = readdirSync(path.join(folder, 'collections')).length
      for (const [i, damaged] of damages.entries()) {
        const adding = store.snapshots.add('c', `bad${i}`, Readable.from([damaged]))
        // What only fills the file up to tar's block size may change without harm.
        const outcome = await adding.then(
          async () => {
            await store.snapshots.restore('c', `bad${i}`)
            return 'good'
          },
          (error: unknown) => (error as { code: string }).code,
        )
        expect(['good', 'SNAPSHOT_INVALID']).toContain(outcome)
        expect(await everything(store, 'c')).toEqual(before)
      }
      expect(readdirSync(path.join(folder, 'snapshots', '.staging'))).toEqual([])
      await store.dropPrevious('c')
      expect(readdirSync(path.join(folder, 'collections'))).toHaveLength(folders)
    },
  )

  it('on the shelf is found by its restore', async () => {
    const { store, folder } = await open()
    await filled(store, 60)
    await store.snapshots.create('c', 's')
    const file = path.join(folder, 'snapshots', 'c', 's.tar')
    const bytes = readFileSync(file)
    // An embedding in the middle of items.db.
    bytes.fill(7, bytes.length / 2, bytes.length / 2 + 64)
    writeFileSync(file, bytes)
    await expect(store.snapshots.restore('c', 's')).rejects.toThrow(code('SNAPSHOT_INVALID'))
    expect((await store.getCollection('c')).counts.items).toBe(60)
  })
})

it('leaves nothing of a snapshot that a kill cut short', async () => {
  const { store, folder } = await open()
  await store.close()
  mkdirSync(path.join(folder, 'snapshots', '.staging', 'x'), { recursive: true })
  writeFileSync(path.join(folder, 'snapshots', '.staging', 'x', 'items.db'), 'half')
  await open(folder)
  expect([...contentOf(folder).keys()].some((name) => name.includes('staging'))).toBe(false)
})

describe('an alias', () => {
  it('stands wherever the name of its collection does, and moves to another at once', async () => {
    const { store, folder } = await open()
    await store.createCollection('red', plane)
    await store.createCollection('blue', plane)
    await store.setAlias('live', 'red')
    await store.putItems('live', [item('x', 1, 0)])
    expect((await store.getCollection('live')).name).toBe('red')
    expect((await store.search('live', { embedding: Float32Array.of(1, 0), k: 1 })).hits[0]?.id).toBe('x')
    await store.setAlias('live', 'blue')
    await expect(store.getItem('live', 'x')).rejects.toThrow(code('ITEM_NOT_FOUND'))
    await store.close()
    const { store: reopened } = await open(folder)
    expect(await reopened.listAliases()).toEqual([{ name: 'live', collection: 'blue' }])
    await reopened.removeAlias('live')
    await expect(reopened.removeAlias('live')).rejects.toThrow(code('ALIAS_NOT_FOUND'))
    await expect(reopened.getCollection('live')).rejects.toThrow(code('COLLECTION_NOT_FOUND'))
  })

  it('goes with its collection, may stand for another alias, and never takes the name of a collection', async () => {
    const { store } = await open()
    await store.createCollection('red', plane)
    await expect(store.setAlias('red', 'red')).rejects.toThrow(code('NAME_TAKEN'))
    await expect(store.setAlias('live', 'none')).rejects.toThrow(code('COLLECTION_NOT_FOUND'))
    await expect(store.setAlias('No', 'red')).rejects.toThrow(code('INVALID_ARGUMENT'))
    await store.setAlias('live', 'red')
    await store.setAlias('shop', 'live')
    expect(await store.listAliases()).toEqual([
      { name: 'live', collection: 'red' },
      { name: 'shop', collection: 'red' },
    ])
    await store.deleteCollection('red')
    expect(await store.listAliases()).toEqual([])
  })
})
