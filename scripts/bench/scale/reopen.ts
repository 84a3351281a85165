import { queryTable, type QueryRow } from './query-table.js'
import { openStore, readQueries, since } from './scale-folder.js'
import { collection, k, type ScaleSettings } from './scale-settings.js'

export interface ReopenFigures {
  /** From opening the store to the first answer, in seconds. */
  readonly seconds: number
  readonly table: readonly QueryRow[]
}

/** Opens the store in a new process and searches it. */
export async function reopen(settings: ScaleSettings): Promise<ReopenFigures> {
  const queries = readQueries(settings)
  const began = performance.now()
  const store = await openStore(settings)
  try {
    await store.search(collection, { embedding: queries[0] ?? new Float32Array(), k })
    const seconds = since(began)
    return { seconds, table: await queryTable(store, queries, settings.seconds) }
  } finally {
    await store.close()
  }
}
