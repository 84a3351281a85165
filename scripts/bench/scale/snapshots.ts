import { verifyStore } from '../../../src/collections/embedded/verify-store.js'
import { openStore, paths, readQueries, since } from './scale-folder.js'
import { clients, collection, k, type ScaleSettings } from './scale-settings.js'
import { searchBeside, type SearchLoad } from './search-load.js'

export interface SnapshotFigures {
  readonly seconds: number
  readonly bytes: number
  readonly searches: SearchLoad
}

const name = 'whole'

/** Takes a snapshot while clients search. */
export async function takeSnapshot(settings: ScaleSettings): Promise<SnapshotFigures> {
  const queries = readQueries(settings)
  const store = await openStore(settings)
  try {
    await store.search(collection, { embedding: queries[0] ?? new Float32Array(), k })
    // Of a run that was stopped.
    if ((await store.snapshots.list(collection)).length > 0) await store.snapshots.remove(collection, name)
    const began = performance.now()
    const { searches, result } = await searchBeside(
      store,
      queries,
      { clients },
      store.snapshots.create(collection, name),
    )
    return { seconds: since(began), bytes: result.bytes, searches }
  } finally {
    await store.close()
  }
}

export interface RestoreFigures {
  readonly seconds: number
  readonly items: number
  /** What `kindred doctor` takes for both collections, in seconds, and whether it found them sound. */
  readonly verified: { readonly seconds: number; readonly sound: boolean }
}

/** Restores the snapshot beside the collection, and looks after both. */
export async function restoreSnapshot(settings: ScaleSettings): Promise<RestoreFigures> {
  const store = await openStore(settings)
  const figures = await (async () => {
    try {
      const began = performance.now()
      const { counts } = await store.snapshots.restore(collection, name, 'restored')
      return { seconds: since(began), items: counts.items }
    } finally {
      await store.close()
    }
  })()
  const began = performance.now()
  const findings = await verifyStore(paths(settings.folder).store)
  const sound = findings.length === 2 && findings.every(({ state }) => state === 'good')
  return { ...figures, verified: { seconds: since(began), sound } }
}
