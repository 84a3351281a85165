import { describe, expect, it } from 'vitest'
import type { CollectionPatch } from '../../../src/collections/collection.js'
import { code, item, open, plane } from './support/open-store.js'
import { unitEmbeddings } from './support/fixtures.js'

describe('the settings of a collection', () => {
  it('change one by one, are answered as they are, and are there after the store was opened again', async () => {
    const { store, folder } = await open()
    await store.createCollection('c', { ...plane, fields: { price: 'number' } })
    await store.putItems('c', [{ ...item('x', 1, 0), metadata: { colour: 'red' } }])
    const before = await store.getCollection('c')
    const changed = await store.patchCollection('c', {
      keep: 'original',
      thumbnailSide: 64,
      hnsw: { ef: 7 },
      fields: { price: 'number', added: 'date' },
    })
    expect(changed).toEqual({
      ...before,
      keep: 'original',
      thumbnailSide: 64,
      hnsw: { ...before.hnsw, ef: 7 },
      fields: { added: 'date', colour: 'string', price: 'number' },
    })
    expect(await store.patchCollection('c', { keep: 'none' })).toEqual({ ...changed, keep: 'none' })
    expect(await store.patchCollection('c', {})).toEqual({ ...changed, keep: 'none' })
    await store.close()
    const { store: reopened } = await open(folder)
    expect(await reopened.getCollection('c')).toEqual({ ...changed, keep: 'none' })
  })

  it('hold for what is written and searched from then on', async () => {
    const { store } = await open(undefined, { scanBelow: 0, sliceMs: 1000 })
    await store.createCollection('c', {
      model: null,
      dimensions: 16,
      hnsw: { m: 2, efConstruction: 4, ef: 1 },
    })
    const embeddings = unitEmbeddings(400, 16)
    await store.putItems(
      'c',
      embeddings.map((embedding, i) => ({ id: `i${i}`, embedding })),
    )
    const found = async (): Promise<number> => {
      const answers = await Promise.all(
        embeddings.slice(0, 100).map((embedding) => store.search('c', { embedding, k: 1 })),
      )
      return answers.filter(({ hits }, i) => hits[0]?.id === `i${i}`).length
    }
    let narrow = await found()
    while (
      !(await store.search('c', { embedding: new Float32Array(16).fill(1), k: 1 })).plan.includes('graph')
    ) {
      narrow = await found()
    }
    narrow = await found()
    await store.patchCollection('c', { hnsw: { ef: 400 }, fields: { added: 'date' } })
    expect(await found()).toBeGreaterThan(narrow)
    await expect(
      store.putItems('c', [
        { id: 'x', embedding: unitEmbeddings(1, 16)[0] ?? new Float32Array(), metadata: { added: 'soon' } },
      ]),
    ).rejects.toThrow(code('INVALID_METADATA'))
  })

  it('never change the type of a field, whether it was declared or came with a value', async () => {
    const { store } = await open()
    await store.createCollection('c', { ...plane, fields: { price: 'number' } })
    await store.putItems('c', [{ ...item('x', 1, 0), metadata: { added: '2024-01-01T00:00:00Z' } }])
    const before = await store.getCollection('c')
    for (const fields of [{ price: 'string' }, { added: 'date' }] as const) {
      await expect(store.patchCollection('c', { hnsw: { ef: 3 }, fields })).rejects.toThrow(
        code('SETTING_FIXED'),
      )
    }
    expect(await store.getCollection('c')).toEqual(before)
  })

  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`f${i}`, 'number' as const]))
  it.each<[string, CollectionPatch, string]>([
    ['a breadth of nothing', { hnsw: { ef: 0 } }, 'INVALID_ARGUMENT'],
    ['half a pixel', { thumbnailSide: 64.5 }, 'INVALID_ARGUMENT'],
    ['half a truth', { probabilities: 0.5 as unknown as boolean }, 'INVALID_ARGUMENT'],
    ['another keeping', { keep: 'all' as 'none' }, 'INVALID_ARGUMENT'],
    ['another type', { fields: { x: 'money' as 'number' } }, 'INVALID_ARGUMENT'],
    ['a field without a name', { fields: { '': 'number' } }, 'INVALID_METADATA'],
    ['too many fields', { fields: many }, 'INVALID_METADATA'],
  ])('are refused where they are none: %s', async (_what, patch, expected) => {
    const { store } = await open()
    await store.createCollection('c', plane)
    await expect(store.patchCollection('c', patch)).rejects.toThrow(code(expected))
    await expect(store.patchCollection('none', {})).rejects.toThrow(code('COLLECTION_NOT_FOUND'))
  })

  it('go over to the successor that was begun before, and so outlast a change of model', async () => {
    const { store } = await open()
    await store.createCollection('c', { model: 'a@1', dimensions: 2 })
    await store.putItems('c', [item('x', 1, 0)])
    const successor = await store.successors.begin('c', { model: 'b@2', dimensions: 2 })
    await store.patchCollection('c', {
      hnsw: { ef: 9 },
      keep: 'path',
      probabilities: false,
      fields: { added: 'date' },
    })
    await successor.install(() => successor.putItems([item('x', 0, 1)]))
    expect(await store.getCollection('c')).toMatchObject({
      model: 'b@2',
      hnsw: { ef: 9 },
      keep: 'path',
      probabilities: false,
      fields: { added: 'date' },
    })
  })
})

describe('an alias', () => {
  it('stands for its collection where settings change, and never where it is deleted', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    await store.setAlias('shop', 'c')
    expect(await store.patchCollection('shop', { hnsw: { ef: 5 } })).toMatchObject({
      name: 'c',
      hnsw: { ef: 5 },
    })
    await expect(store.deleteCollection('shop')).rejects.toThrow(code('NAME_IS_ALIAS'))
    expect((await store.getCollection('shop')).name).toBe('c')
    await store.deleteCollection('c')
    expect(await store.listAliases()).toEqual([])
  })
})
