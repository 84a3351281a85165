import path from 'node:path'
import { toKindredError } from '../../errors.js'
import { CollectionFolders } from './collection-folders.js'
import { readRecord } from './collection-record.js'
import { toBlob, hashOf } from './embedding-blob.js'
import { checkSnapshot, hasManifest } from './graph-snapshot.js'
import { verifyValues } from './filter/verify-values.js'
import { readEmbeddings } from './item-rows.js'
import { itemsSchema } from './items-schema.js'
import { Registry } from './registry.js'
import { readTokens } from './snapshot-keeper.js'
import { openForReading, storeErrors, type Database } from './versioned-database.js'

export interface StoreFinding {
  readonly subject: string
  readonly state: 'good' | 'bad'
  /** What was counted, or what is wrong. */
  readonly detail: string
}

/** A share of unit length that rounding to float32 may cost. */
const unitTolerance = 1e-3

/**
 * Holds a store against itself: SQLite's own check, foreign keys, counts, every embedding against its hash and unit
 * length, the saved graph against its manifest. Reads everything; changes nothing.
 *
 * @returns one finding a collection; one finding where there is no store, or an empty one
 * @throws KindredError STORE_LOCKED while a server has the store open; STORE_CORRUPT, STORE_TOO_NEW
 */
export async function verifyStore(folder: string): Promise<StoreFinding[]> {
  const folders = new CollectionFolders(folder)
  if (!Registry.existsIn(folder) && !(await folders.holdCollections())) {
    return [{ subject: 'store', state: 'bad', detail: `${folder} is not a store` }]
  }
  const registry = new Registry(folder, { create: false })
  try {
    const entries = registry.list(null, Number.MAX_SAFE_INTEGER)
    if (entries.length === 0) return [{ subject: 'store', state: 'good', detail: 'no collections' }]
    return entries.map(({ name, uid }) => ({
      subject: `collection ${name}`,
      ...verifyCollection(folders.pathOf(uid)),
    }))
  } finally {
    registry.close()
  }
}

function verifyCollection(folder: string): Omit<StoreFinding, 'subject'> {
  try {
    const database = openForReading(path.join(folder, 'items.db'), itemsSchema, { leaveNothing: true })
    try {
      return storeErrors('items.db', () => verifyDatabase(folder, database))
    } finally {
      database.close()
    }
  } catch (error) {
    return { state: 'bad', detail: toKindredError(error).message }
  }
}

function verifyDatabase(folder: string, database: Database): Omit<StoreFinding, 'subject'> {
  const check = String(database.pragma('integrity_check(1)', { simple: true }))
  if (check !== 'ok') return { state: 'bad', detail: `SQLite's integrity check: ${check}` }
  const { counts, dimensions, hnsw } = readRecord(database)
  const embeddings = readEmbeddings(database, dimensions)
  const problems = [
    ...verifyRelations(database),
    ...verifyValues(database),
    ...verifyEmbeddings(database, embeddings),
    ...verifyGraph(folder, { dimensions, ...hnsw }, readTokens(database)),
  ]
  const counted = `${counts.items} items, ${counts.groups} groups, ${dimensions} dimensions`
  return problems.length === 0
    ? { state: 'good', detail: counted }
    : { state: 'bad', detail: `${counted}; ${problems.join('; ')}` }
}

function verifyRelations(database: Database): string[] {
  const count = (query: string): number => Number(database.prepare(query).pluck().get())
  const items = count('SELECT count(*) FROM items')
  const groups = count('SELECT count(DISTINCT "group") FROM items')
  const { counts } = readRecord(database)
  const orphans = count('SELECT count(*) FROM embeddings WHERE label NOT IN (SELECT label FROM items)')
  const broken = database.pragma('foreign_key_check')
  return [
    ...(items === counts.items ? [] : [`${items} items were counted, ${counts.items} are noted`]),
    ...(groups === counts.groups ? [] : [`${groups} groups were counted, ${counts.groups} are noted`]),
    ...(orphans === 0 ? [] : [`${orphans} embeddings belong to no item`]),
    ...(Array.isArray(broken) && broken.length === 0 ? [] : ['some items have no embedding']),
  ]
}

function verifyEmbeddings(database: Database, embeddings: ReturnType<typeof readEmbeddings>): string[] {
  const hashes = new Map(
    database
      .prepare<[], { label: number; hash: Buffer }>('SELECT label, hash FROM embeddings')
      .all()
      .map(({ label, hash }) => [label, hash]),
  )
  let wrong = 0
  for (const { label, embedding } of embeddings) {
    const length = Math.hypot(...embedding)
    const sound = hashes.get(label)?.equals(hashOf(toBlob(embedding))) === true
    if (!sound || Math.abs(length - 1) > unitTolerance) wrong++
  }
  return wrong === 0 ? [] : [`${wrong} embeddings are not what was stored`]
}

function verifyGraph(
  folder: string,
  settings: Parameters<typeof checkSnapshot>[1],
  tokens: readonly string[],
): string[] {
  if (!hasManifest(folder) && tokens.length === 0) return []
  try {
    checkSnapshot(folder, settings, tokens)
    return []
  } catch (error) {
    return [`the saved graph cannot be used (it will be rebuilt): ${String(error)}`]
  }
}
