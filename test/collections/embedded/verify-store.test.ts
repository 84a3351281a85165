import { readdirSync, rmSync, truncateSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openEmbeddedStore } from '../../../src/collections/embedded/embedded-store.js'
import { verifyStore } from '../../../src/collections/embedded/verify-store.js'
import { change, filledStore } from './support/filled-store.js'
import { contentOf, recordingLogger } from './support/fixtures.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

describe('verifyStore', () => {
  it('finds nothing wrong with a sound store', async () => {
    const { folder } = filledStore()
    expect(await verifyStore(folder)).toEqual([
      { subject: 'collection c', state: 'good', detail: '100 items, 7 groups, 8 dimensions' },
    ])
  })

  it('changes nothing in a store', async () => {
    const { folder } = filledStore()
    const before = contentOf(folder)
    await verifyStore(folder)
    expect(contentOf(folder)).toEqual(before)
  })

  it('says so, and makes nothing, where there is no store', async () => {
    const folder = temporaryFolder()
    expect(await verifyStore(folder)).toEqual([
      { subject: 'store', state: 'bad', detail: `${folder} is not a store` },
    ])
    expect(readdirSync(folder)).toEqual([])
  })

  it('refuses collections that have lost their registry, and makes none', async () => {
    const { folder } = filledStore()
    rmSync(path.join(folder, 'store.db'))
    await expect(verifyStore(folder)).rejects.toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }))
    expect(readdirSync(folder)).toEqual(['collections'])
  })

  it('finds an empty store good', async () => {
    const folder = temporaryFolder()
    const store = await openEmbeddedStore(folder, { logger: recordingLogger().logger })
    await store.close()
    expect(await verifyStore(folder)).toEqual([{ subject: 'store', state: 'good', detail: 'no collections' }])
  })

  it.each([
    [
      'a torn graph',
      (c: string) => {
        truncateSync(path.join(c, readdirSync(c).find((n) => n.endsWith('.hnsw')) ?? ''), 500)
      },
      /graph cannot be used/,
    ],
    [
      'a lost embedding',
      (c: string) => {
        change(c, 'DELETE FROM embeddings WHERE label = 3')
      },
      /have no embedding/,
    ],
    [
      'an embedding of no item',
      (c: string) => {
        change(c, "DELETE FROM items WHERE id = 'i3'")
      },
      /belong to no item/,
    ],
    [
      'a changed embedding',
      (c: string) => {
        change(
          c,
          'UPDATE embeddings SET data = (SELECT data FROM embeddings WHERE label = 1) WHERE label = 2',
        )
      },
      /not what was stored/,
    ],
    [
      'a wrong count',
      (c: string) => {
        change(c, 'UPDATE collection SET items = 5')
      },
      /100 items were counted, 5/,
    ],
    [
      'values that are not indexed, and indexed ones that no item has',
      (c: string) => {
        change(c, `INSERT INTO fields VALUES ('colour', 'string'), ('size', 'number')`)
        change(c, `UPDATE items SET metadata = '{"colour": ["red", "blue"]}' WHERE id = 'i3'`)
        change(c, `INSERT INTO item_values VALUES ('size', 5, 4)`)
      },
      /index of metadata lacks 2 values and has 1 too many/,
    ],
    [
      'a torn database',
      (c: string) => {
        truncateSync(path.join(c, 'items.db'), 9000)
      },
      /malformed|corrupt/i,
    ],
  ])('notices %s', async (_what, damage, detail) => {
    const { folder, collection } = filledStore()
    damage(collection)
    const [finding] = await verifyStore(folder)
    expect(finding).toMatchObject({ state: 'bad', detail: expect.stringMatching(detail) as string })
  })

  it('is refused while the store is open', async () => {
    const { folder } = filledStore()
    const store = await openEmbeddedStore(folder, { logger: recordingLogger().logger })
    await expect(verifyStore(folder)).rejects.toThrow(expect.objectContaining({ code: 'STORE_LOCKED' }))
    await store.close()
  })
})
