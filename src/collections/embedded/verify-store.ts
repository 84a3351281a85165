import path from 'node:path'
import { toKindredError } from '../../errors.js'
import { CollectionFolders } from './collection-folders.js'
import { readRecord } from './collection-record.js'
import { itemsSchema } from './items-schema.js'
import { Registry } from './registry.js'
import { describeDamage, findDamage } from './store-damage.js'
import { openForReading, storeErrors, type Database } from './versioned-database.js'

export interface StoreFinding {
  readonly subject: string
  readonly state: 'good' | 'bad'
  /** What was counted, or what is wrong. */
  readonly detail: string
}

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

/** Holds the folder of one collection against itself. */
export function verifyCollection(folder: string): Omit<StoreFinding, 'subject'> {
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
  const { counts, dimensions } = readRecord(database)
  const problems = describeDamage(findDamage(folder, database))
  const counted = `${counts.items} items, ${counts.groups} groups, ${dimensions} dimensions`
  return problems.length === 0
    ? { state: 'good', detail: counted }
    : { state: 'bad', detail: `${counted}; ${problems.join('; ')}` }
}
