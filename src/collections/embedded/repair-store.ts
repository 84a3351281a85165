import { copyFileSync, existsSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { toKindredError } from '../../errors.js'
import { CollectionFolders } from './collection-folders.js'
import { fillItemValues } from './filter/fill-item-values.js'
import { removeSnapshot } from './graph-manifest.js'
import { itemsSchema } from './items-schema.js'
import { findStrayPictures } from './pictures/picture-damage.js'
import { Registry } from './registry.js'
import { describeDamage, findDamage, type Damage } from './store-damage.js'
import type { StoreFinding } from './verify-store.js'
import { openDatabase, storeErrors, type Database } from './versioned-database.js'

/**
 * Mends what `verifyStore` finds, as far as the truth allows. A lost registry is made anew, its collections named
 * `recovered-` and the start of their folder's name. Of a collection, indexes, counts and the values that filters look in are made anew, a graph that cannot
 * be used is removed, damaged pictures are no longer kept, and items whose embedding is damaged are taken out, to be indexed again; their ids are left in
 * `lost-items.txt`. items.db as it was stays beside, as `items.db.damaged`.
 *
 * @returns one finding a collection: `good` where it is sound now, with what was done
 * @throws KindredError STORE_LOCKED while a server has the store open; STORE_TOO_NEW
 */
export async function repairStore(folder: string): Promise<StoreFinding[]> {
  const folders = new CollectionFolders(folder)
  const known = openRegistry(folder)
  const registry = known ?? new Registry(folder, { create: true })
  try {
    if (known === null) {
      registry.noteOpening()
      for (const uid of await folders.uids()) registry.set(`recovered-${uid.slice(0, 8)}`, uid)
    }
    return registry.list(null, Number.MAX_SAFE_INTEGER).map(({ name, uid }) => ({
      subject: `collection ${name}`,
      ...repairCollection(folders.pathOf(uid)),
    }))
  } finally {
    registry.close()
  }
}

/** @returns null where it is lost: what is left of it is put aside */
function openRegistry(folder: string): Registry | null {
  try {
    return new Registry(folder, { create: false })
  } catch (error) {
    if (toKindredError(error).code !== 'STORE_CORRUPT') throw error
    const file = path.join(folder, 'store.db')
    for (const name of [file, `${file}-wal`, `${file}-shm`]) {
      if (existsSync(name)) renameSync(name, `${name}.damaged`)
    }
    return null
  }
}

function repairCollection(folder: string): Omit<StoreFinding, 'subject'> {
  try {
    const file = path.join(folder, 'items.db')
    const database = openDatabase(file, itemsSchema)
    try {
      return storeErrors('items.db', () => repairDatabase(folder, database))
    } finally {
      database.close()
    }
  } catch (error) {
    const { message } = toKindredError(error)
    return { state: 'bad', detail: `${message}; restore a snapshot of it, or index it again` }
  }
}

function repairDatabase(folder: string, database: Database): Omit<StoreFinding, 'subject'> {
  const before = findDamage(folder, database)
  const problems = describeDamage(before)
  if (problems.length === 0) return { state: 'good', detail: 'nothing to repair' }
  database.pragma('wal_checkpoint(TRUNCATE)')
  copyFileSync(path.join(folder, 'items.db'), path.join(folder, 'items.db.damaged'))
  // Items without their embedding are gone before foreign keys count again.
  database.pragma('foreign_keys = OFF')
  const lost = database.transaction(() => mend(database, before)).immediate()
  database.pragma('foreign_keys = ON')
  if (lost.length > 0) writeFileSync(path.join(folder, 'lost-items.txt'), `${lost.join('\n')}\n`)
  if (before.graph !== null) {
    database.prepare(`UPDATE collection SET snapshots = '[]'`).run()
    removeSnapshot(folder)
  }
  const left = describeDamage(findDamage(folder, database))
  const done = `repaired: ${problems.join('; ')}`
  const taken = lost.length === 0 ? '' : `; ${lost.length} items have to be indexed again (lost-items.txt)`
  return left.length === 0
    ? { state: 'good', detail: `${done}${taken}` }
    : { state: 'bad', detail: `${left.join('; ')}; restore a snapshot of it, or index it again` }
}

/** @returns the ids of items that were taken out */
function mend(database: Database, { embeddings, orphans, bare, pictures }: Damage): string[] {
  database.exec('REINDEX')
  const ofDamaged = database.prepare<[number], string>('SELECT id FROM items WHERE label = ?').pluck()
  const lost = [...new Set([...bare, ...embeddings.flatMap((label) => ofDamaged.all(label))])]
  const dropItem = database.prepare('DELETE FROM items WHERE id = ?')
  for (const id of lost) dropItem.run(id)
  const dropEmbedding = database.prepare('DELETE FROM embeddings WHERE label = ?')
  for (const label of [...embeddings, ...orphans]) dropEmbedding.run(label)
  const dropPicture = database.prepare('DELETE FROM pictures WHERE content_hash = ?')
  for (const hash of [...pictures, ...findStrayPictures(database)]) dropPicture.run(hash)
  // In one statement each: the triggers that keep counts would count on from the wrong ones.
  database.exec(
    `DELETE FROM groups;
     DELETE FROM item_values;
     INSERT INTO groups SELECT "group", count(*) FROM items WHERE "group" IS NOT NULL GROUP BY "group";
     UPDATE collection SET items = (SELECT count(*) FROM items), groups = (SELECT count(*) FROM groups);`,
  )
  fillItemValues(database)
  return lost
}
