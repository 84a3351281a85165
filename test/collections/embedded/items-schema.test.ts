import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { readRecord } from '../../../src/collections/embedded/collection-record.js'
import { hashOf, toBlob } from '../../../src/collections/embedded/embedding-blob.js'
import { itemsSchema } from '../../../src/collections/embedded/items-schema.js'
import { verifyStore } from '../../../src/collections/embedded/verify-store.js'
import { openDatabase } from '../../../src/collections/embedded/versioned-database.js'
import { unit } from './support/fixtures.js'
import { code, item, open } from './support/open-store.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const fields = { added: 'date', price: 'number' } as const

/** A store whose one collection was written by the first version of the schema. */
async function storeOfFirstVersion(items: number): Promise<{ folder: string; file: string }> {
  const folder = temporaryFolder()
  const { store } = await open(folder)
  await store.createCollection('c', { model: null, dimensions: 2, fields })
  await store.putItems('c', [item('x', 1, 0)])
  await store.close()
  const [uid = ''] = readdirSync(path.join(folder, 'collections'))
  const file = path.join(folder, 'collections', uid, 'items.db')
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
  const first = { ...itemsSchema, migrations: itemsSchema.migrations.slice(0, 1) }
  const database = openDatabase(file, first, { create: true })
  database.exec(
    'INSERT INTO collection (one, model, dimensions, m, ef_construction, ef) VALUES (1, NULL, 2, 16, 200, 100)',
  )
  for (const [field, type] of Object.entries(fields)) {
    database.prepare('INSERT INTO fields VALUES (?, ?)').run(field, type)
  }
  const addEmbedding = database.prepare('INSERT INTO embeddings (hash, data) VALUES (?, ?)')
  for (const embedding of [unit(1, 0), unit(0, 1)]) {
    const blob = toBlob(embedding)
    addEmbedding.run(hashOf(blob), blob)
  }
  const addItem = database.prepare('INSERT INTO items VALUES (?, ?, ?, NULL, ?, ?)')
  database.transaction(() => {
    for (let i = 0; i < items; i++) {
      const metadata = {
        price: i,
        added: `2024-01-01T${String(i % 24).padStart(2, '0')}:00:00+01:00`,
        tags: [],
      }
      addItem.run(
        `item-${i}`,
        i % 2 ? 'odd' : null,
        JSON.stringify(metadata),
        1 + (i % 2),
        '2024-01-01T00:00:00.000Z',
      )
    }
    database.exec(`INSERT INTO fields VALUES ('tags', 'string')`)
  })()
  database.close()
  return { folder, file }
}

it('a collection of the first version can be checked as it is, and is indexed when it is opened', async () => {
  const { folder } = await storeOfFirstVersion(2500)
  expect(await verifyStore(folder)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ state: 'good', detail: expect.stringContaining('2500 items') as string }),
    ]),
  )
  const { store } = await open(folder)
  const page = await store.listItems('c', { limit: 3 })
  expect(page.items.map(({ id }) => id)).toEqual(['item-0', 'item-1', 'item-10'])
  expect(await store.getCollection('c')).toMatchObject({
    counts: { items: 2500, groups: 1 },
    keep: 'thumbnail',
    thumbnailSide: 320,
  })
  expect(page.items[0]).not.toHaveProperty('kept')
  await store.deleteItems('c', ['item-1'])
  await store.putItems('c', [{ ...item('new', 1, 1), group: 'new' }])
  expect((await store.getCollection('c')).counts).toEqual({ items: 2500, groups: 2 })
  await expect(store.getItem('c', 'item-1')).rejects.toEqual(code('ITEM_NOT_FOUND'))
  await store.close()
  expect((await verifyStore(folder)).map(({ state }) => state)).not.toContain('bad')
})

it('the index of values of such a collection is what a new one would have', async () => {
  const { file } = await storeOfFirstVersion(2500)
  const database = openDatabase(file, itemsSchema)
  const count = (condition: string) =>
    database.prepare(`SELECT count(*) FROM item_values WHERE ${condition}`).pluck().get()
  expect(count('1')).toBe(3 * 2500)
  expect(count(`field = 'price' AND value < 100`)).toBe(100)
  expect(count(`field = 'tags' AND value = x''`)).toBe(2500)
  expect(database.prepare(`SELECT min(value) FROM item_values WHERE field = 'added'`).pluck().get()).toBe(
    '101704063600',
  )
  expect(readRecord(database).counts).toEqual({ items: 2500, groups: 1 })
  expect(database.pragma('foreign_key_check')).toEqual([])
  database.close()
})
