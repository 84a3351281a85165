import { cpSync, readdirSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll } from 'vitest'
import { openEmbeddedStore } from '../../../../src/collections/embedded/embedded-store.js'
import { recordingLogger, unitEmbeddings } from './fixtures.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

let original = ''
beforeAll(async () => {
  original = temporaryFolder()
  const { logger } = recordingLogger()
  const store = await openEmbeddedStore(original, { logger, tuning: { scanBelow: 0 } })
  await store.createCollection('c', { model: null, dimensions: 8, hnsw: { m: 4, ef: 5 } })
  const embeddings = unitEmbeddings(100, 8)
  await store.putItems(
    'c',
    embeddings.map((embedding, i) => ({ id: `i${i}`, embedding, group: `g${i % 7}` })),
  )
  // The graph is built between calls.
  for (let tries = 0; tries < 500; tries++) {
    const { exact } = await store.search('c', { embedding: Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0), k: 1 })
    if (!exact) break
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await store.close()
})

/** A copy of a closed store whose collection `c` holds a hundred items and a saved graph. */
export function filledStore(): { folder: string; collection: string } {
  const folder = temporaryFolder()
  cpSync(original, folder, { recursive: true })
  const [uid = ''] = readdirSync(path.join(folder, 'collections'))
  return { folder, collection: path.join(folder, 'collections', uid) }
}

/** Changes items.db past the program, foreign keys off. */
export const change = (collection: string, statement: string): void => {
  const database = new Database(path.join(collection, 'items.db'))
  database.pragma('foreign_keys = OFF')
  database.exec(statement)
  database.close()
}
