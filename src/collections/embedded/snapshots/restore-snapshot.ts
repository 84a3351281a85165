import { readdirSync } from 'node:fs'
import path from 'node:path'
import { CollectionEngine } from '../collection-engine.js'
import { syncToDisk } from '../durable-files.js'
import type { Tuning } from '../tuning.js'
import { verifyCollection } from '../verify-store.js'
import { unpackSnapshot } from './snapshot-archive.js'
import { invalid } from './snapshot-manifest.js'

export interface RestoreTask {
  readonly kind: 'restore'
  readonly file: string
  /** Of the new collection; empty. */
  readonly folder: string
  readonly tuning: Tuning
}

/**
 * Unpacks a snapshot into the folder of a collection, checks it as `kindred doctor` does, and asks it for some of its own
 * items. When this returns the folder is on disk and may take a name.
 *
 * @throws KindredError SNAPSHOT_INVALID, STORE_TOO_NEW
 */
export async function restoreSnapshot({ file, folder, tuning }: RestoreTask): Promise<void> {
  const { probes, counts } = await unpackSnapshot(file, folder)
  // Opening first brings an older schema up to date, and refuses a newer one.
  const engine = new CollectionEngine(folder, tuning, () => undefined)
  try {
    const missing = probes.find((id) => !findsItself(engine, id))
    if (missing !== undefined) throw invalid(`its item ${JSON.stringify(missing)} does not find itself`)
  } finally {
    engine.close(false)
  }
  const { state, detail } = verifyCollection(folder)
  if (state === 'bad') throw invalid(`${detail} (of ${counts.items} items)`)
  for (const name of readdirSync(folder)) syncToDisk(path.join(folder, name))
  syncToDisk(folder)
}

function findsItself(engine: CollectionEngine, id: string): boolean {
  const { hits } = engine.search({ embedding: engine.getEmbedding(id), k: 1, exact: true })
  // Others may share its embedding.
  return (hits[0]?.score ?? 0) > 1 - 1e-4
}
