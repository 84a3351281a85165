import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { NewItem } from '../../../src/collections/item.js'
import { repairStore } from '../../../src/collections/embedded/repair-store.js'
import { verifyStore } from '../../../src/collections/embedded/verify-store.js'
import type { KeptPicture } from '../../../src/images/picture-to-keep.js'
import { change } from './support/filled-store.js'
import { code, open, plane } from './support/open-store.js'

const kept = (text: string, kind: KeptPicture['kind'] = 'thumbnail'): KeptPicture => ({
  kind,
  mediaType: 'image/jpeg',
  bytes: Buffer.from(text),
})
const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const pictured = (id: string, text: string, rest: Partial<NewItem> = {}): NewItem => ({
  id,
  embedding: Float32Array.of(1, id.charCodeAt(0)),
  contentHash: hash(text),
  picture: kept(text),
  ...rest,
})

const folderOf = (store: string): string => {
  const [uid = ''] = readdirSync(path.join(store, 'collections'))
  return path.join(store, 'collections', uid)
}
/** Content hashes of all pictures that are kept on disk. */
const onDisk = (store: string): string[] => {
  const database = new Database(path.join(folderOf(store), 'items.db'), { readonly: true })
  const all = database.prepare<[], string>('SELECT content_hash FROM pictures ORDER BY 1').pluck().all()
  database.close()
  return all
}

describe('kept pictures', () => {
  it('are there when their item is, also after a restart', async () => {
    const { store, folder } = await open()
    await store.createCollection('c', plane)
    const [result] = await store.putItems('c', [pictured('a', 'one', { path: '/photos/a.jpg' })])
    expect(result?.item).toMatchObject({ id: 'a', kept: ['path', 'thumbnail'] })
    await store.close()
    const again = (await open(folder)).store
    const found = await again.getKept('c', 'a')
    expect(found).toMatchObject({ contentHash: hash('one'), path: '/photos/a.jpg' })
    expect(Buffer.from(found.picture?.bytes ?? []).toString()).toBe('one')
    expect(await again.getItem('c', 'a')).toMatchObject({ kept: ['path', 'thumbnail'] })
    const [listed = {}] = (await again.listItems('c', { limit: 1 })).items
    expect(await again.getItem('c', 'a')).toMatchObject(listed)
    expect(await again.patchItem('c', 'a', { group: 'g' })).toMatchObject({ kept: ['path', 'thumbnail'] })
    expect(await again.keptOf('c', ['a', 'b'])).toEqual(
      new Map([['a', { path: '/photos/a.jpg', picture: 'thumbnail' }]]),
    )
  })

  it('are shared by items of the same file, and go with the last of them, however it goes', async () => {
    const { store, folder } = await open()
    await store.createCollection('c', plane)
    await store.putItems(
      'c',
      ['a', 'b', 'c', 'd'].map((id) => pictured(id, 'shared')),
    )
    await store.putItems('c', [pictured('x', 'other')])
    expect(onDisk(folder)).toHaveLength(2)
    await store.deleteItems('c', ['a'])
    await store.putItems('c', [pictured('b', 'other')])
    await store.putItems('c', [{ id: 'c', embedding: Float32Array.of(0, 1) }])
    expect(onDisk(folder)).toEqual([hash('shared'), hash('other')].sort())
    await store.deleteMatching('c', { extra: { exists: false } }, { all: true })
    expect(onDisk(folder)).toEqual([])
  })

  it('stay when an item is written again without one, and an original takes the place of its thumbnail', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    await store.putItems('c', [pictured('a', 'one')])
    const [again] = await store.putItems('c', [pictured('a', 'one', { picture: null })])
    expect(again?.item.kept).toEqual(['thumbnail'])
    await store.putItems('c', [pictured('a', 'one', { picture: kept('whole', 'original') })])
    await store.putItems('c', [pictured('a', 'one', { picture: kept('small') })])
    const { picture } = await store.getKept('c', 'a')
    expect([picture?.kind, Buffer.from(picture?.bytes ?? []).toString()]).toEqual(['original', 'whole'])
  })

  it('need a content hash, and paths have to be absolute', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    await expect(store.putItems('c', [pictured('a', 'one', { contentHash: null })])).rejects.toEqual(
      code('INVALID_ARGUMENT'),
    )
    await expect(store.putItems('c', [pictured('a', 'one', { path: 'a.jpg' })])).rejects.toEqual(
      code('INVALID_ARGUMENT'),
    )
  })

  it('go along in a snapshot, also to another store', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    await store.putItems('c', [pictured('a', 'one'), pictured('b', 'two')])
    await store.snapshots.create('c', 's')
    await store.deleteItems('c', ['a'])
    const elsewhere = (await open()).store
    const { content } = await store.snapshots.read('c', 's')
    await elsewhere.snapshots.add('c', 's', content)
    await elsewhere.snapshots.restore('c', 's')
    const { picture } = await elsewhere.getKept('c', 'a')
    expect(Buffer.from(picture?.bytes ?? []).toString()).toBe('one')
  })

  it('say that the embedding was made from them, and such an embedding is used for no other item', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    await store.putItems('c', [pictured('a', 'one', { embeddedFrom: 'thumbnail' }), pictured('b', 'two')])
    expect(await store.getItem('c', 'a')).toMatchObject({ embeddedFrom: 'thumbnail' })
    expect(await store.patchItem('c', 'a', { group: 'g' })).toMatchObject({ embeddedFrom: 'thumbnail' })
    expect(await store.getItem('c', 'b')).not.toHaveProperty('embeddedFrom')
    expect(await store.contentHashes('c', ['a', 'b'])).toEqual(
      new Map([
        ['a', null],
        ['b', hash('two')],
      ]),
    )
    const embeddings = await store.embeddingsByContent('c', [hash('one'), hash('two')])
    expect([...embeddings.keys()]).toEqual([hash('two')])
  })

  it('that are damaged, or belong to no item, are found by doctor and no longer kept after a repair', async () => {
    const { store, folder } = await open()
    await store.createCollection('c', plane)
    await store.putItems('c', [pictured('a', 'one'), pictured('b', 'two')])
    await store.close()
    expect(await verifyStore(folder)).toMatchObject([{ state: 'good' }])
    change(folderOf(folder), `UPDATE pictures SET bytes = x'00' WHERE content_hash = '${hash('one')}'`)
    change(
      folderOf(folder),
      `INSERT INTO pictures SELECT 9, 'stray', kind, media_type, sha256, bytes FROM pictures LIMIT 1 OFFSET 1`,
    )
    const [found] = await verifyStore(folder)
    expect(found?.state).toBe('bad')
    expect(found?.detail).toContain('1 kept pictures are not what was kept')
    expect(found?.detail).toContain('1 kept pictures belong to no item')
    expect(await repairStore(folder)).toMatchObject([{ state: 'good' }])
    expect(await verifyStore(folder)).toMatchObject([{ state: 'good' }])
    const again = (await open(folder)).store
    expect(await again.getItem('c', 'a')).not.toHaveProperty('kept')
    expect(await again.getItem('c', 'b')).toMatchObject({ kept: ['thumbnail'] })
  })
})
