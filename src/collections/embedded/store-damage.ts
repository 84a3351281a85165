import { readRecord } from './collection-record.js'
import { fromBlob, hashOf } from './embedding-blob.js'
import { verifyValues } from './filter/verify-values.js'
import { hasManifest } from './graph-manifest.js'
import { checkSnapshot } from './graph-snapshot.js'
import { findPictureDamage } from './pictures/picture-damage.js'
import { readTokens } from './snapshot-keeper.js'
import type { Database } from './versioned-database.js'

/** What is wrong with one collection, found by reading all of it. */
export interface Damage {
  /** What SQLite's own check says; null where it finds nothing. */
  readonly database: string | null
  /** Counted against noted. */
  readonly items: Counts
  readonly groups: Counts
  /** Labels of embeddings that are not what was stored: another hash, another length, not of unit length. */
  readonly embeddings: readonly number[]
  /** Labels of embeddings that belong to no item. */
  readonly orphans: readonly number[]
  /** Ids of items without an embedding. */
  readonly bare: readonly string[]
  /** What is wrong with the index of values that filters look in, in words. */
  readonly values: readonly string[]
  /** Content hashes of pictures that are not what was kept. */
  readonly pictures: readonly string[]
  /** Pictures that no item has. */
  readonly strayPictures: readonly string[]
  /** Why the saved graph cannot be used; null where it can, or there is none. */
  readonly graph: string | null
}

interface Counts {
  readonly counted: number
  readonly noted: number
}

/** A share of unit length that rounding to float32 may cost. */
const unitTolerance = 1e-3

/** @param folder of the collection whose database this is */
export function findDamage(folder: string, database: Database): Damage {
  const check = String(database.pragma('integrity_check(1)', { simple: true }))
  const { counts, dimensions, hnsw } = readRecord(database)
  const count = (query: string): number => Number(database.prepare(query).pluck().get())
  return {
    database: check === 'ok' ? null : check,
    items: { counted: count('SELECT count(*) FROM items'), noted: counts.items },
    groups: { counted: count('SELECT count(DISTINCT "group") FROM items'), noted: counts.groups },
    embeddings: damagedEmbeddings(database, dimensions),
    orphans: database
      .prepare<[], number>('SELECT label FROM embeddings WHERE label NOT IN (SELECT label FROM items)')
      .pluck()
      .all(),
    bare: database
      .prepare<[], string>('SELECT id FROM items WHERE label NOT IN (SELECT label FROM embeddings)')
      .pluck()
      .all(),
    values: verifyValues(database),
    ...findPictureDamage(database),
    graph: damagedGraph(folder, { dimensions, ...hnsw }, readTokens(database)),
  }
}

function damagedEmbeddings(database: Database, dimensions: number): number[] {
  const rows = database
    .prepare<[], { label: number; hash: Buffer; data: Buffer }>('SELECT label, hash, data FROM embeddings')
    .iterate()
  const damaged: number[] = []
  for (const { label, hash, data } of rows) if (!isSound(data, hash, dimensions)) damaged.push(label)
  return damaged
}

function isSound(data: Buffer, hash: Buffer, dimensions: number): boolean {
  if (!hash.equals(hashOf(data))) return false
  try {
    const embedding = fromBlob(data, dimensions)
    return Math.abs(Math.hypot(...embedding) - 1) <= unitTolerance
  } catch {
    return false
  }
}

function damagedGraph(
  folder: string,
  settings: Parameters<typeof checkSnapshot>[1],
  tokens: readonly string[],
): string | null {
  if (!hasManifest(folder) && tokens.length === 0) return null
  try {
    checkSnapshot(folder, settings, tokens)
    return null
  } catch (error) {
    return String(error)
  }
}

/** In words; empty where nothing is wrong. */
export function describeDamage(damage: Damage): string[] {
  const { database, items, groups, embeddings, orphans, bare, values, pictures, strayPictures, graph } =
    damage
  const miscounted = ({ counted, noted }: Counts, what: string): string[] =>
    counted === noted ? [] : [`${counted} ${what} were counted, ${noted} are noted`]
  return [
    ...(database === null ? [] : [`SQLite's integrity check: ${database}`]),
    ...miscounted(items, 'items'),
    ...miscounted(groups, 'groups'),
    ...(orphans.length === 0 ? [] : [`${orphans.length} embeddings belong to no item`]),
    ...(bare.length === 0 ? [] : [`${bare.length} items have no embedding`]),
    ...(embeddings.length === 0 ? [] : [`${embeddings.length} embeddings are not what was stored`]),
    ...values,
    ...(pictures.length === 0 ? [] : [`${pictures.length} kept pictures are not what was kept`]),
    ...(strayPictures.length === 0 ? [] : [`${strayPictures.length} kept pictures belong to no item`]),
    ...(graph === null ? [] : [`the saved graph cannot be used (it will be rebuilt): ${graph}`]),
  ]
}
