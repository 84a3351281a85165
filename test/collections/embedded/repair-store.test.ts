import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openEmbeddedStore } from '../../../src/collections/embedded/embedded-store.js'
import { repairStore } from '../../../src/collections/embedded/repair-store.js'
import { verifyStore } from '../../../src/collections/embedded/verify-store.js'
import { change, filledStore } from './support/filled-store.js'
import { contentOf, recordingLogger, unitEmbeddings } from './support/fixtures.js'
import { open } from './support/open-store.js'

const graphOf = (collection: string): string =>
  path.join(collection, readdirSync(collection).find((name) => name.endsWith('.hnsw')) ?? '')

describe('repairStore', () => {
  it('leaves a sound store as it is', async () => {
    const { folder } = filledStore()
    const before = contentOf(folder)
    expect(await repairStore(folder)).toEqual([
      { subject: 'collection c', state: 'good', detail: 'nothing to repair' },
    ])
    expect([...contentOf(folder).keys()].filter((name) => !before.has(name))).toEqual([])
  })

  it.each([
    ['a wrong count', 'UPDATE collection SET items = 5, groups = 70', 100, 7],
    ['a wrong count of a group', `UPDATE groups SET items = 3; DELETE FROM groups WHERE name = 'g1'`, 100, 7],
    ['an embedding of no item', `DELETE FROM items WHERE id = 'i3'`, 99, 7],
    [
      'values of metadata that are not those of the items',
      `INSERT INTO item_values VALUES ('size', 5, 4)`,
      100,
      7,
    ],
  ])('mends %s without losing an item', async (_what, damage, items, groups) => {
    const { folder, collection } = filledStore()
    change(collection, damage)
    expect(await repairStore(folder)).toMatchObject([{ state: 'good' }])
    expect(await verifyStore(folder)).toMatchObject([{ state: 'good' }])
    const { store } = await open(folder)
    expect((await store.getCollection('c')).counts).toEqual({ items, groups })
    expect(existsSync(path.join(collection, 'lost-items.txt'))).toBe(false)
  })

  it('takes out items whose embedding is lost or damaged, names them, and keeps the file as it was', async () => {
    const { folder, collection } = filledStore()
    change(
      collection,
      `DELETE FROM embeddings WHERE label = 3;
       UPDATE embeddings SET data = (SELECT data FROM embeddings WHERE label = 1) WHERE label = 2;
       UPDATE embeddings SET data = x'00' WHERE label = 50`,
    )
    const [finding] = await repairStore(folder)
    expect(finding).toMatchObject({
      state: 'good',
      detail: expect.stringMatching(/3 items have to be/) as string,
    })
    const lost = readFileSync(path.join(collection, 'lost-items.txt'), 'utf8').trim().split('\n').sort()
    expect(lost).toEqual(['i1', 'i2', 'i49'])
    expect(existsSync(path.join(collection, 'items.db.damaged'))).toBe(true)
    expect(await verifyStore(folder)).toMatchObject([{ state: 'good' }])

    // Indexed again they are as before, and every other item was there all the time.
    const { store } = await open(folder)
    const embeddings = unitEmbeddings(100, 8)
    for (const id of lost) {
      const embedding = embeddings[Number(id.slice(1))] ?? new Float32Array()
      await store.putItems('c', [{ id, embedding }])
    }
    for (const [i, embedding] of embeddings.entries()) {
      expect((await store.search('c', { embedding, k: 1, exact: true })).hits[0]?.id).toBe(`i${i}`)
    }
  })

  it('removes a graph that cannot be used, which is then built anew', async () => {
    const { folder, collection } = filledStore()
    truncateSync(graphOf(collection), 500)
    expect(await repairStore(folder)).toMatchObject([{ state: 'good' }])
    expect(readdirSync(collection).filter((name) => name.startsWith('graph'))).toEqual([])
    const { store, lines } = await open(folder)
    await store.search('c', { embedding: unitEmbeddings(1, 8)[0] ?? new Float32Array(), k: 1 })
    expect(lines()).not.toMatch(/cannot be used/)
  })

  it.each([
    [
      'lost',
      (file: string): void => {
        rmSync(file)
      },
    ],
    [
      'torn',
      (file: string): void => {
        writeFileSync(file, 'no database')
      },
    ],
  ])('brings collections back under new names where the registry is %s', async (_what, damage) => {
    const { folder, collection } = filledStore()
    damage(path.join(folder, 'store.db'))
    const name = `recovered-${path.basename(collection).slice(0, 8)}`
    expect(await repairStore(folder)).toMatchObject([{ subject: `collection ${name}`, state: 'good' }])
    const { store } = await open(folder)
    expect((await store.getCollection(name)).counts.items).toBe(100)
  })

  it('says so of a database that is beyond repair, and leaves it', async () => {
    const { folder, collection } = filledStore()
    truncateSync(path.join(collection, 'items.db'), 9000)
    const before = readFileSync(path.join(collection, 'items.db'))
    expect(await repairStore(folder)).toMatchObject([
      { state: 'bad', detail: expect.stringMatching(/restore a snapshot/) as string },
    ])
    expect(readFileSync(path.join(collection, 'items.db')).equals(before)).toBe(true)
  })

  it('is refused while the store is open', async () => {
    const { folder } = filledStore()
    const store = await openEmbeddedStore(folder, { logger: recordingLogger().logger })
    await expect(repairStore(folder)).rejects.toThrow(expect.objectContaining({ code: 'STORE_LOCKED' }))
    await store.close()
  })
})
