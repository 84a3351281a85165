import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { snapshotsCommand } from '../../src/cli/snapshots.js'
import { openEmbeddedStore } from '../../src/collections/embedded/embedded-store.js'
import { createLogger } from '../../src/log.js'
import { run } from './run.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = (): string => temporaryFolder()

async function storeOf(count: number): Promise<string> {
  const place = folder()
  const store = await openEmbeddedStore(place, { logger: createLogger('silent') })
  await store.createCollection('shop', { model: null, dimensions: 2 })
  await store.putItems(
    'shop',
    Array.from({ length: count }, (_, i) => ({ id: `i${i}`, embedding: Float32Array.of(1, i) })),
  )
  await store.close()
  return place
}

const snapshots = (...args: string[]) => run(snapshotsCommand(), ...args)

it('takes a snapshot, carries it to another store, and puts it back', async () => {
  const here = ['--store', await storeOf(3)]
  expect((await snapshots('create', 'shop', 'monday', ...here)).out).toMatch(/^monday {2}3 items/)
  const listed = JSON.parse((await snapshots('list', 'shop', '--json', ...here)).out) as unknown
  expect(listed).toMatchObject({ items: [{ name: 'monday', counts: { items: 3 } }] })

  const file = path.join(folder(), 'shop.tar')
  await snapshots('export', 'shop', 'monday', file, ...here)
  await expect(snapshots('export', 'shop', 'monday', file, ...here)).rejects.toThrow(/cannot be written/)

  const there = ['--store', await storeOf(1)]
  await snapshots('import', 'shop', 'monday', file, ...there)
  expect((await snapshots('restore', 'shop', 'monday', ...there)).out).toBe('shop: 3 items, as of monday\n')
  expect((await snapshots('restore', 'shop', 'monday', 'copy', ...there)).out).toMatch(/^copy: 3 items/)
  expect((await snapshots('roll-back', 'shop', ...there)).out).toBe('shop: 1 items\n')
  await snapshots('delete', 'shop', 'monday', ...there)
  expect((await snapshots('list', 'shop', ...there)).out).toBe('')
})

it('refuses a file that is none, and one that is not there', async () => {
  const here = ['--store', await storeOf(1)]
  const file = path.join(folder(), 'none.tar')
  await expect(snapshots('import', 'shop', 'x', file, ...here)).rejects.toThrow(/no file/)
  expect(existsSync(file)).toBe(false)
  writeFileSync(file, 'no snapshot')
  await expect(snapshots('import', 'shop', 'x', file, ...here)).rejects.toThrow(
    expect.objectContaining({ code: 'SNAPSHOT_INVALID' }),
  )
})
