import { describe, expect, it } from 'vitest'
import type { CollectionStore } from '../../../src/collections/collection-store.js'
import type { ItemCondition } from '../../../src/collections/item-condition.js'
import { code, item, open, plane } from './support/open-store.js'

async function opened(): Promise<{ store: CollectionStore; folder: string }> {
  const { store, folder } = await open()
  await store.createCollection('c', plane)
  return { store, folder }
}
const versionOf = async (store: CollectionStore, id = 'x'): Promise<string> =>
  (await store.getItem('c', id)).version

describe('the version of an item', () => {
  it('is another after each write of it, also of the same content within one millisecond', async () => {
    const { store } = await opened()
    const put = () => store.putItems('c', [item('x', 1, 0)])
    const written = await Promise.all([put(), put(), store.patchItem('c', 'x', { group: 'g' }), put(), put()])
    const versions = written.map((result) => (Array.isArray(result) ? result[0]?.item : result)?.version)
    expect(new Set(versions).size).toBe(5)
    expect(await versionOf(store)).toBe(versions.at(-1))
    await store.putItems('c', [item('other', 1, 0)])
    expect(await versionOf(store)).toBe(versions.at(-1))
  })

  it('is the same after the store was opened again, and another after the item was deleted and put', async () => {
    const { store, folder } = await opened()
    await store.putItems('c', [item('x', 1, 0)])
    const version = await versionOf(store)
    await store.close()
    const { store: reopened } = await open(folder)
    expect(await versionOf(reopened)).toBe(version)
    await reopened.deleteItems('c', ['x'])
    await reopened.putItems('c', [item('x', 1, 0)])
    expect(await versionOf(reopened)).not.toBe(version)
  })

  it('is another when what is kept of its picture changes with another item of the same bytes', async () => {
    const { store } = await opened()
    const contentHash = 'a'.repeat(64)
    await store.putItems('c', [{ ...item('x', 1, 0), contentHash }])
    const version = await versionOf(store)
    const picture = { kind: 'original', mediaType: 'image/png', bytes: Uint8Array.of(1) } as const
    await store.putItems('c', [{ ...item('y', 1, 0), contentHash, picture }])
    expect((await store.getItem('c', 'x')).kept).toEqual(['original'])
    expect(await versionOf(store)).not.toBe(version)
  })
})

describe('a write on a condition', () => {
  const old = 'not-a-version'
  /** What is done on each condition, where the item exists with a version and where it does not. */
  const cases = (now: string): [ItemCondition, boolean, boolean][] => [
    [{}, true, true],
    [{ matches: [now] }, true, false],
    [{ matches: [old, now] }, true, false],
    [{ matches: [old] }, false, false],
    [{ matches: [] }, false, false],
    [{ matches: '*' }, true, false],
    [{ matchesNone: '*' }, false, true],
    [{ matchesNone: [now] }, false, true],
    [{ matchesNone: [old] }, true, true],
    [{ matches: '*', matchesNone: [old] }, true, false],
    [{ matches: [now], matchesNone: [now] }, false, false],
  ]

  it('is done where the condition holds, and changes nothing else', async () => {
    const { store } = await opened()
    for (let i = 0; i < cases('').length; i++) {
      await store.putItems('c', [item('x', 1, 0)])
      const now = await versionOf(store)
      const [condition, whereItIs, whereItIsNot] = cases(now)[i] ?? [{}, false, false]
      const put = await store.putItems('c', [item('x', 0, 1)], { condition }).catch((error: unknown) => error)
      expect(Array.isArray(put), JSON.stringify(condition)).toBe(whereItIs)
      if (!whereItIs) {
        expect(put).toEqual(code('PRECONDITION_FAILED'))
        expect(await versionOf(store)).toBe(now)
        const patch = store.patchItem('c', 'x', { group: 'g' }, condition)
        await expect(patch).rejects.toThrow(code('PRECONDITION_FAILED'))
        await expect(store.deleteItems('c', ['x'], condition)).rejects.toThrow(code('PRECONDITION_FAILED'))
        expect(await versionOf(store)).toBe(now)
      } else {
        await store.putItems('c', [item('x', 1, 0)])
        const [again = {}] = cases(await versionOf(store))[i] ?? []
        const { version } = await store.patchItem('c', 'x', { group: 'g' }, again)
        const [third = {}] = cases(version)[i] ?? []
        expect(await store.deleteItems('c', ['x'], third)).toBe(1)
      }
      await store.deleteItems('c', ['x'])
      const made = await store
        .putItems('c', [item('x', 1, 0)], { condition })
        .catch((error: unknown) => error)
      expect(Array.isArray(made), JSON.stringify(condition)).toBe(whereItIsNot)
    }
  })

  it('is all or nothing for several items, and not asked of items to delete that do not exist', async () => {
    const { store } = await opened()
    await store.putItems('c', [item('x', 1, 0)])
    const both = [item('new', 1, 0), item('x', 0, 1)]
    await expect(store.putItems('c', both, { condition: { matchesNone: '*' } })).rejects.toThrow(
      code('PRECONDITION_FAILED'),
    )
    await expect(store.getItem('c', 'new')).rejects.toThrow(code('ITEM_NOT_FOUND'))
    expect(await store.deleteItems('c', ['none'], { matches: '*' })).toBe(0)
    await expect(store.patchItem('c', 'none', {}, { matches: '*' })).rejects.toThrow(code('ITEM_NOT_FOUND'))
  })

  it('wins alone, of many on the same version', async () => {
    const { store } = await opened()
    await store.putItems('c', [item('x', 1, 0)])
    const condition = { matches: [await versionOf(store)] }
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => store.patchItem('c', 'x', { group: `g${i}` }, condition)),
    )
    const won = outcomes.filter(({ status }) => status === 'fulfilled')
    expect(won).toHaveLength(1)
    expect((await store.getItem('c', 'x')).group).toBe('g0')
  })
})
