import type { CollectionStore } from '../../../src/collections/collection-store.js'
import { clients, efs } from './scale-settings.js'
import { exactAnswers, recall, searchBeside, type SearchLoad } from './search-load.js'

export interface QueryRow {
  readonly ef: number
  readonly recall: number
  readonly searches: SearchLoad
}

/** Speed and recall for each breadth. */
export async function queryTable(
  store: CollectionStore,
  queries: readonly Float32Array[],
  seconds: number,
): Promise<QueryRow[]> {
  const truth = await exactAnswers(store, queries)
  const rows: QueryRow[] = []
  for (const ef of efs) {
    const found = await recall(store, queries, truth, ef)
    const { searches } = await searchBeside(store, queries, { ef, clients }, pause(seconds))
    rows.push({ ef, recall: found, searches })
  }
  return rows
}

export const pause = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 1000 * seconds))
