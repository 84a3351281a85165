import { createHash } from 'node:crypto'
import { createReadStream, linkSync, statSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { readRecord } from '../collection-record.js'
import { publishFile } from '../durable-files.js'
import { hasManifest, snapshotFiles } from '../graph-manifest.js'
import { checkSnapshot } from '../graph-snapshot.js'
import { itemsSchema } from '../items-schema.js'
import { readTokens } from '../snapshot-keeper.js'
import { openDatabase, openForReading, storeErrors, type Database } from '../versioned-database.js'
import { packSnapshot } from './snapshot-archive.js'
import { format, type SnapshotFile } from './snapshot-manifest.js'

const probes = 16

export interface TakeTask {
  readonly kind: 'take'
  /** Of the collection; its own thread may be writing. */
  readonly folder: string
  /** Empty; on the same file system as the target. */
  readonly staging: string
  readonly collection: string
  readonly createdAt: string
  /** The snapshot, which appears when it is whole and on disk. */
  readonly target: string
}

/**
 * Copies a collection beside whoever writes it: SQLite gives one moment of the truth (`VACUUM INTO` reads in one
 * transaction, and in WAL mode no reader holds up a writer), and the saved graph goes along where it belongs to that
 * state; what it lacks is added after a restore, as after any start.
 */
export async function takeSnapshot({
  folder,
  staging,
  collection,
  createdAt,
  target,
}: TakeTask): Promise<void> {
  const copy = path.join(staging, 'items.db')
  const source = openForReading(path.join(folder, 'items.db'), itemsSchema)
  try {
    // The connection itself is read-only; this pragma would forbid the copy, which is a write elsewhere.
    source.pragma('query_only = OFF')
    storeErrors("the collection's items", () => source.prepare('VACUUM INTO ?').run(copy))
  } finally {
    source.close()
  }
  const database = openDatabase(copy, itemsSchema)
  try {
    const graph = await linkGraph(folder, staging, database)
    if (graph.length === 0) database.prepare(`UPDATE collection SET snapshots = '[]'`).run()
    // A successor stays with the store that it was begun in.
    database.exec('UPDATE collection SET successor = NULL; DELETE FROM changed_items')
    const { model, dimensions, counts, indexedAt } = readRecord(database)
    const ids = probeIds(database, counts.items)
    // Into the one file: neither -wal nor -shm is left beside it.
    database.pragma('journal_mode = DELETE')
    database.close()
    const files = [await describe(staging, 'items.db'), ...graph]
    const about = { collection, createdAt, model, dimensions, counts, indexedAt, probes: ids }
    const packed = path.join(staging, 'snapshot.tar')
    await packSnapshot(staging, { format, ...about, files }, packed)
    publishFile(packed, target)
  } finally {
    database.close()
  }
}

/** Takes hold of the saved graph, which its collection may replace meanwhile. @returns its files, if it fits */
async function linkGraph(folder: string, staging: string, database: Database): Promise<SnapshotFile[]> {
  if (!hasManifest(folder)) return []
  const { dimensions, hnsw } = readRecord(database)
  try {
    const { manifest, graph } = snapshotFiles(folder)
    for (const name of [manifest, graph]) linkSync(path.join(folder, name), path.join(staging, name))
    const { bytes, sha256 } = checkSnapshot(staging, { dimensions, ...hnsw }, readTokens(database))
    return [await describe(staging, manifest), { name: graph, bytes, sha256 }]
  } catch {
    // Replaced meanwhile, or of another state: the graph is rebuilt from the items, which are the truth.
    return []
  }
}

/** Some items, evenly over the collection. */
function probeIds(database: Database, items: number): string[] {
  const step = Math.max(1, Math.floor(items / probes))
  return database
    .prepare<[number, number], string>(
      'SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM items) WHERE place % ? = 0 LIMIT ?',
    )
    .pluck()
    .all(step, probes)
}

async function describe(folder: string, name: string): Promise<SnapshotFile> {
  const file = path.join(folder, name)
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return { name, bytes: statSync(file).size, sha256: hash.digest('hex') }
}
