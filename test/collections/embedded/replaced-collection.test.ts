import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { CollectionStore } from '../../../src/collections/collection-store.js'
import { code, item, open, plane } from './support/open-store.js'

const query = { embedding: Float32Array.of(1, 0), k: 3 }

/** A collection that was restored once, so that another is kept in its place. */
async function restored(store: CollectionStore): Promise<void> {
  await store.createCollection('c', plane)
  await store.putItems(
    'c',
    Array.from({ length: 5 }, (_, i) => item(`i${i}`, 1, i)),
  )
  await store.snapshots.create('c', 's')
  await store.snapshots.restore('c', 's')
}

const reasons = (outcomes: readonly PromiseSettledResult<unknown>[]): unknown[] =>
  outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))

describe('changes of which folder a collection has', () => {
  it('come one after another, and lose neither calls under way nor the collection', async () => {
    for (let round = 0; round < 2; round++) {
      const { store } = await open()
      await restored(store)
      const outcomes = await Promise.allSettled([
        // The thread starts with these: it opens a folder that the others replace and remove.
        store.search('c', query),
        store.putItems('c', [item('w', 1, 1)]),
        store.rollBack('c'),
        store.dropPrevious('c'),
        store.search('c', query),
        store.snapshots.restore('c', 's'),
        store.dropPrevious('c'),
      ])
      expect(reasons(outcomes)).toEqual([])
      expect((await store.search('c', query)).hits).toHaveLength(3)
      expect((await store.getCollection('c')).counts.items).toBe(5)
    }
  })

  it('leave something to roll back to until that is removed', async () => {
    const { store } = await open()
    expect(await store.hasPrevious('c')).toBe(false)
    await restored(store)
    expect(await store.hasPrevious('c')).toBe(true)
    await store.dropPrevious('c')
    expect(await store.hasPrevious('c')).toBe(false)
  })

  it('let a collection be rolled back twice at once, to what it was', async () => {
    const { store } = await open()
    await restored(store)
    await store.putItems('c', [item('later', 1, 9)])
    await Promise.all([store.rollBack('c'), store.rollBack('c')])
    expect((await store.getItem('c', 'later')).id).toBe('later')
  })

  it('leave a snapshot under way the folder that it copies', async () => {
    const { store } = await open()
    await restored(store)
    const snapshot = store.snapshots.create('c', 'late')
    await store.deleteCollection('c')
    expect((await snapshot).counts.items).toBe(5)
  })

  it('let a look for duplicates begin again on what has the name now', async () => {
    const { store } = await open()
    await restored(store)
    await store.putItems('c', [item('twin', 1, 0)])
    let rolledBack: Promise<unknown> | undefined
    const groups = await store.findDuplicates('c', {
      threshold: 0.999,
      most: 10,
      onLooked: () => {
        rolledBack ??= Promise.all([store.rollBack('c'), store.dropPrevious('c')])
      },
    })
    await rolledBack
    expect(groups).toHaveLength(0)
    expect((await store.search('c', query)).hits).toHaveLength(3)
  })

  it('are refused when the store closes before their turn, and are over before it is closed', async () => {
    const { store, folder } = await open()
    await restored(store)
    await store.search('c', query)
    const first = store.rollBack('c')
    const second = store.rollBack('c')
    const refused = expect(second).rejects.toThrow(code('STORE_CLOSED'))
    await store.close()
    await refused
    expect((await first).counts.items).toBe(5)
    const { store: reopened } = await open(folder)
    expect((await reopened.search('c', query)).hits).toHaveLength(3)
  })
})

describe('snapshots of one name that are made at once', () => {
  it('are one, and the others are refused', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    const made = await Promise.allSettled(Array.from({ length: 4 }, () => store.snapshots.create('c', 's')))
    expect(reasons(made)).toEqual(Array.from({ length: 3 }, () => code('SNAPSHOT_EXISTS')))
  })

  it('are one when they are brought, and a name is free again when that failed', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    await store.snapshots.create('c', 's')
    const file = await buffer((await store.snapshots.read('c', 's')).content)
    await expect(store.snapshots.add('c', 'u', Readable.from([Buffer.from('no')]))).rejects.toThrow()
    const brought = await Promise.allSettled(
      Array.from({ length: 4 }, () => store.snapshots.add('c', 'u', Readable.from([file]))),
    )
    expect(reasons(brought)).toEqual(Array.from({ length: 3 }, () => code('SNAPSHOT_EXISTS')))
  })
})
