import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, vi } from 'vitest'
import { openEmbeddedStore } from '../../../src/collections/embedded/embedded-store.js'
import { contentOf, recordingLogger, unitEmbeddings } from './support/fixtures.js'
import { code, item, open, plane } from './support/open-store.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

describe('the store', () => {
  it('is refused while it is open elsewhere, with the way through the server', async () => {
    const { store, folder } = await open()
    const { logger } = recordingLogger()
    await expect(openEmbeddedStore(folder, { logger })).rejects.toThrow(
      expect.objectContaining({
        code: 'STORE_LOCKED',
        message: expect.stringContaining('in use') as string,
        // Of a server: no port is named that it need not have.
        hint: expect.stringMatching(/--url(?!.*\d)/) as string,
      }) as Error,
    )
    await store.close()
    await open(folder)
  })

  it('finishes what it accepted when it is closed, and takes nothing afterwards', async () => {
    const { store, folder } = await open()
    await store.createCollection('c', plane)
    const puts = Array.from({ length: 20 }, (_, i) => store.putItems('c', [item(`i${i}`, 1, i)]))
    const search = store.search('c', { embedding: Float32Array.of(1, 0), k: 20 })
    const closing = store.close()
    await expect(store.getItem('c', 'i0')).rejects.toThrow(code('STORE_CLOSED'))
    await closing
    await store.close()
    await Promise.all(puts)
    expect((await search).hits).toHaveLength(20)
    const { store: reopened } = await open(folder)
    expect((await reopened.getCollection('c')).counts.items).toBe(20)
  })

  it('lets calls on a collection finish that is deleted meanwhile', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    const put = store.putItems('c', [item('x', 1, 0)])
    const search = store.search('c', { embedding: Float32Array.of(1, 0), k: 1 })
    const deletion = store.deleteCollection('c')
    await expect(store.getItem('c', 'x')).rejects.toThrow(code('COLLECTION_NOT_FOUND'))
    await expect(store.deleteCollection('c')).rejects.toThrow(code('COLLECTION_NOT_FOUND'))
    expect((await put)[0]?.created).toBe(true)
    expect((await search).hits).toHaveLength(1)
    await deletion
  })

  it('refuses what a newer version wrote, and what is no database, by name', async () => {
    const { store, folder } = await open()
    await store.createCollection('c', plane)
    await store.close()
    const [uid = ''] = readdirSync(path.join(folder, 'collections'))
    const file = path.join(folder, 'collections', uid, 'items.db')
    const database = new Database(file)
    database.pragma('user_version = 99')
    database.close()
    const { store: reopened } = await open(folder)
    await expect(reopened.getItem('c', 'x')).rejects.toThrow(code('STORE_TOO_NEW'))
    await reopened.deleteCollection('c')
    expect(existsSync(file)).toBe(false)
  })

  it('sweeps what a kill left, with a warning, and nothing that it did not make', async () => {
    const { store, folder } = await open()
    await store.createCollection('c', plane)
    await store.close()
    const [uid = ''] = readdirSync(path.join(folder, 'collections'))
    const leftover = randomUUID()
    for (const name of [leftover, 'holiday']) mkdirSync(path.join(folder, 'collections', name))
    writeFileSync(path.join(folder, 'collections', 'holiday', 'photo.jpg'), 'x')
    const { lines } = await open(folder)
    expect(readdirSync(path.join(folder, 'collections')).sort()).toEqual([uid, 'holiday'].sort())
    expect(existsSync(path.join(folder, 'collections', 'holiday', 'photo.jpg'))).toBe(true)
    expect(JSON.parse(lines())).toMatchObject({ level: 40, leftovers: [leftover] })
  })

  it('sweeps nothing where it makes the registry', async () => {
    const folder = temporaryFolder()
    const found = path.join(folder, 'collections', randomUUID())
    mkdirSync(found, { recursive: true })
    await open(folder)
    expect(existsSync(found)).toBe(true)
  })

  it.each([
    [
      'missing',
      (file: string) => {
        rmSync(file)
      },
    ],
    [
      'empty',
      (file: string) => {
        truncateSync(file)
      },
    ],
    [
      'without a table',
      (file: string) => {
        rmSync(file)
        new Database(file).exec('PRAGMA journal_mode = WAL').close()
      },
    ],
  ])('touches nothing when the registry is %s and collections are there', async (_what, lose) => {
    const { store, folder } = await open()
    await store.createCollection('c', plane)
    await store.putItems('c', [item('x', 1, 0)])
    await store.close()
    lose(path.join(folder, 'store.db'))
    const before = contentOf(folder)
    for (let opening = 0; opening < 2; opening++) {
      await expect(open(folder)).rejects.toThrow(
        expect.objectContaining({
          code: 'STORE_CORRUPT',
          message: expect.stringMatching(/store\.db.*missing.*restore.*nothing was touched/) as string,
        }) as Error,
      )
      expect(contentOf(folder)).toEqual(before)
    }
  })

  it('keeps the event loop free during a bulk put', async () => {
    const { store } = await open(undefined, { scanBelow: 0 })
    await store.createCollection('c', { model: null, dimensions: 64 })
    const items = unitEmbeddings(4000, 64).map((embedding, i) => ({ id: `i${i}`, embedding }))
    await store.contentHashes('c', [])
    const turns = vi.fn()
    const timer = setInterval(turns, 2)
    const answers = await Promise.all(
      [0, 1000, 2000, 3000].map((from) => store.putItems('c', items.slice(from, from + 1000))),
    )
    clearInterval(timer)
    expect(answers.flat()).toHaveLength(4000)
    // One turn would mean that the writes ran on this thread.
    expect(turns.mock.calls.length).toBeGreaterThan(10)
  })
})
