import { mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { NewItem } from '../../../src/collections/item.js'
import { unitEmbeddings } from './support/fixtures.js'
import { code, item, open, plane } from './support/open-store.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

describe('collections', () => {
  it('are made once, listed by name, and gone with all their files when deleted', async () => {
    const { store, folder } = await open()
    for (const name of ['b', 'a', 'c']) await store.createCollection(name, plane)
    const again = await store.createCollection('a', plane)
    expect(again).toMatchObject({
      created: false,
      collection: { name: 'a', counts: { items: 0, groups: 0 }, indexedAt: null },
    })
    await expect(store.createCollection('a', { model: null, dimensions: 3 })).rejects.toThrow(
      code('COLLECTION_EXISTS'),
    )
    await expect(store.createCollection('a', { model: 'm@1', dimensions: 2 })).rejects.toThrow(
      code('COLLECTION_EXISTS'),
    )

    const first = await store.listCollections({ limit: 2 })
    expect(first.items.map(({ name }) => name)).toEqual(['a', 'b'])
    const second = await store.listCollections({ limit: 2, cursor: first.nextCursor ?? '' })
    expect([second.items.map(({ name }) => name), second.nextCursor]).toEqual([['c'], null])

    await store.putItems('a', [item('x', 1, 0)])
    await store.deleteCollection('a')
    await expect(store.getCollection('a')).rejects.toThrow(code('COLLECTION_NOT_FOUND'))
    expect(readdirSync(path.join(folder, 'collections'))).toHaveLength(2)
    await store.createCollection('a', { model: null, dimensions: 3 })
    expect((await store.getCollection('a')).counts.items).toBe(0)
  })

  it('of different models and dimensions live beside each other', async () => {
    const { store } = await open()
    await store.createCollection('flat', { model: 'm@1', dimensions: 2 })
    await store.createCollection('deep', { model: 'm@2', dimensions: 3 })
    await store.putItems('flat', [item('x', 1, 0)])
    await store.putItems('deep', [item('x', 1, 0, 0)])
    await expect(store.putItems('deep', [item('y', 1, 0)])).rejects.toThrow(code('INVALID_EMBEDDING'))
    const query = { embedding: Float32Array.of(1, 1), k: 1 }
    await expect(store.search('flat', { ...query, model: 'm@2' })).rejects.toThrow(code('MODEL_MISMATCH'))
    await expect(store.search('deep', query)).rejects.toThrow(code('INVALID_EMBEDDING'))
    expect((await store.search('flat', { ...query, model: 'm@1' })).hits).toHaveLength(1)
  })

  it('leave nothing behind: folders without a collection are swept when the store is opened', async () => {
    const { store, folder } = await open()
    await store.createCollection('a', plane)
    await store.close()
    const leftover = '0f0e0d0c-0b0a-4908-8706-050403020100'
    mkdirSync(path.join(folder, 'collections', leftover))
    const { lines } = await open(folder)
    expect(readdirSync(path.join(folder, 'collections'))).toHaveLength(1)
    expect(lines()).toContain(leftover)
  })

  it.each([
    ['dimensions', { model: null, dimensions: 0 }],
    ['m', { ...plane, hnsw: { m: 1 } }],
    ['ef', { ...plane, hnsw: { ef: 0.5 } }],
    ['model', { model: '', dimensions: 2 }],
  ])('are refused with a wrong %s', async (name, spec) => {
    const { store } = await open()
    await expect(store.createCollection('a', spec)).rejects.toThrow(new RegExp(name))
  })
})

describe('items', () => {
  it('are put, read, patched, listed and deleted, and are there after a restart', async () => {
    const { store, folder } = await open()
    await store.createCollection('c', { ...plane, fields: { day: 'date' } })
    const hash = 'a'.repeat(64)
    const first = {
      ...item('x', 3, 4),
      group: 'g',
      contentHash: hash,
      metadata: { price: 5, day: '2024-01-31' },
    }
    const put = await store.putItems('c', [first, { ...item('y', 1, 0), group: 'g' }])
    expect(put.map(({ created }) => created)).toEqual([true, true])
    expect((await store.putItems('c', [first]))[0]?.created).toBe(false)
    const patched = await store.patchItem('c', 'x', {
      metadata: { price: null, colour: ['red'] },
      group: 'h',
    })
    expect(patched).toMatchObject({
      id: 'x',
      group: 'h',
      contentHash: hash,
      metadata: { colour: ['red'], day: '2024-01-31' },
    })
    expect(patched.metadata).not.toHaveProperty('price')
    const collection = await store.getCollection('c')
    expect(collection).toMatchObject({
      counts: { items: 2, groups: 2 },
      fields: { day: 'date', price: 'number', colour: 'string' },
      indexedAt: patched.updatedAt,
    })
    await store.close()

    const { store: reopened } = await open(folder)
    expect(await reopened.getCollection('c')).toEqual(collection)
    expect(await reopened.getItem('c', 'x')).toEqual(patched)
    expect([...(await reopened.getEmbedding('c', 'x'))]).toEqual([...Float32Array.of(0.6, 0.8)])
    expect(await reopened.contentHashes('c', ['x', 'y', 'z'])).toEqual(
      new Map([
        ['x', hash],
        ['y', null],
      ]),
    )
    expect(await reopened.deleteItems('c', ['x', 'x', 'z'])).toBe(1)
    expect((await reopened.getCollection('c')).counts).toEqual({ items: 1, groups: 1 })
    for (const missing of [
      reopened.getItem('c', 'x'),
      reopened.getEmbedding('c', 'x'),
      reopened.patchItem('c', 'x', {}),
    ]) {
      await expect(missing).rejects.toThrow(code('ITEM_NOT_FOUND'))
    }
  })

  it('are written all or none', async () => {
    const { store } = await open()
    await store.createCollection('c', { ...plane, fields: { price: 'number' } })
    const good = item('good', 1, 0)
    const wrong: [NewItem, string][] = [
      [{ ...item('b', 1, 0), metadata: { price: 'dear' } }, 'INVALID_METADATA'],
      [item('b', NaN, 0), 'INVALID_EMBEDDING'],
      [item('..', 1, 0), 'INVALID_ARGUMENT'],
      [item('good', 0, 1), 'INVALID_ARGUMENT'],
    ]
    for (const [bad, why] of wrong) await expect(store.putItems('c', [good, bad])).rejects.toThrow(code(why))
    expect(await store.getCollection('c')).toMatchObject({
      counts: { items: 0 },
      indexedAt: null,
      fields: { price: 'number' },
    })
    expect(await store.putItems('c', [])).toEqual([])
  })

  it('come in code point order, page after page, also while others are written', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    await store.createCollection('d', plane)
    const ids = ['a', 'b', '\u{ff01}', '\u{1f600}', 'é']
    await store.putItems(
      'c',
      ids.map((id) => item(id, 1, 0)),
    )
    const seen: string[] = []
    let cursor: string | null = ''
    for (let page = 0; cursor !== null && page < 10; page++) {
      const answer: { items: readonly { id: string }[]; nextCursor: string | null } = await store.listItems(
        'c',
        {
          limit: 2,
          ...(cursor !== '' && { cursor }),
        },
      )
      seen.push(...answer.items.map(({ id }) => id))
      cursor = answer.nextCursor
      if (page === 0) await store.putItems('c', [item('Z', 1, 0)])
      if (cursor !== null)
        await expect(store.listItems('d', { limit: 2, cursor })).rejects.toThrow(code('INVALID_CURSOR'))
    }
    expect(seen).toEqual(['a', 'b', 'é', '\u{ff01}', '\u{1f600}'])
    for (const limit of [0, 1001, 1.5]) {
      await expect(store.listItems('c', { limit })).rejects.toThrow(code('INVALID_ARGUMENT'))
      await expect(store.listCollections({ limit })).rejects.toThrow(code('INVALID_ARGUMENT'))
    }
  })

  it('never carry a time before an earlier one, whatever the clock does', async () => {
    const folder = temporaryFolder()
    const { store } = await open(folder)
    await store.createCollection('c', plane)
    await store.close()
    const [uid = ''] = readdirSync(path.join(folder, 'collections'))
    const database = new Database(path.join(folder, 'collections', uid, 'items.db'))
    database.prepare(`UPDATE collection SET indexed_at = '2999-01-01T00:00:00.000Z'`).run()
    database.close()
    const { store: reopened } = await open(folder)
    const [put] = await reopened.putItems('c', [item('x', 1, 0)])
    expect(put?.item.updatedAt).toBe('2999-01-01T00:00:00.000Z')
    expect((await reopened.search('c', { embedding: Float32Array.of(1, 0), k: 1 })).indexedAt).toBe(
      '2999-01-01T00:00:00.000Z',
    )
  })
})

describe('a search', () => {
  it('orders by score, ties by id, and can leave one item out', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    await store.putItems('c', [
      item('b', 2, 0),
      item('a', 1, 0),
      item('c', 1, 1),
      item('d', 0, 1),
      item('e', -1, 0),
    ])
    const all = await store.search('c', { embedding: Float32Array.of(5, 0), k: 10 })
    expect(all.hits.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(all.hits.map(({ score }) => Number(score.toFixed(4)))).toEqual([1, 1, 0.7071, 0, -1])
    expect(all).toMatchObject({ total: 5, exact: true })
    const others = await store.search('c', { embedding: Float32Array.of(1, 0), k: 1, excludeIds: ['a'] })
    expect([others.hits.map(({ id }) => id), others.total]).toEqual([['b'], 4])
    expect(
      (await store.search('c', { embedding: Float32Array.of(1, 0), k: 1, excludeIds: ['nobody'] })).total,
    ).toBe(5)
  })

  it('answers an empty collection and refuses what makes no sense', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    const embedding = Float32Array.of(1, 0)
    expect(await store.search('c', { embedding, k: 3 })).toEqual({
      hits: [],
      groups: null,
      total: 0,
      exact: true,
      plan: 'scan',
      indexedAt: null,
      nextCursor: null,
    })
    for (const k of [0, -1, 1.5, 100_001])
      await expect(store.search('c', { embedding, k })).rejects.toThrow(code('INVALID_ARGUMENT'))
    await expect(store.search('c', { embedding, k: 1, ef: 0 })).rejects.toThrow(/ef/)
    await expect(store.search('c', { embedding, k: 1, minScore: 2 })).rejects.toThrow(/minScore/)
    await expect(store.search('c', { embedding, k: 1, groupBy: '' })).rejects.toThrow(/groupBy/)
    await expect(store.search('c', { embedding, k: 1, groupBy: 'group', groupSize: 0 })).rejects.toThrow(
      /groupSize/,
    )
    await expect(store.search('c', { embedding: Float32Array.of(0, 0), k: 1 })).rejects.toThrow(
      code('INVALID_EMBEDDING'),
    )
    await expect(store.search('nobody', { embedding, k: 1 })).rejects.toThrow(code('COLLECTION_NOT_FOUND'))
  })

  it('sees every write acknowledged before it, while the graph is being built and saved', async () => {
    const { store } = await open(undefined, { scanBelow: 0, snapshotAfter: 50, sliceMs: 1 })
    await store.createCollection('c', { model: null, dimensions: 8, hnsw: { m: 4, ef: 10 } })
    const embeddings = unitEmbeddings(200, 8)
    const rounds = embeddings.map(async (embedding, i) => {
      const id = `i${i}`
      await store.putItems('c', [{ id, embedding }])
      const before = await store.search('c', { embedding, k: 1 })
      await store.deleteItems('c', i % 3 === 0 ? [id] : [])
      const after = await store.search('c', { embedding, k: 1 })
      return [before.hits[0]?.id === id, after.hits[0]?.id === id]
    })
    const seen = await Promise.all(rounds)
    expect(seen).toEqual(embeddings.map((_, i) => [true, i % 3 !== 0]))
  })
})
