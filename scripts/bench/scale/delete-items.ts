import { createRandom } from '../../../src/datasets/random.js'
import { idOf } from './make-source.js'
import { openStore, readQueries, since } from './scale-folder.js'
import { collection, type ScaleSettings } from './scale-settings.js'
import { exactAnswers, recall, searchBeside, type SearchLoad } from './search-load.js'

export interface DeleteFigures {
  readonly deleted: number
  readonly seconds: number
  /** Of one client beside. */
  readonly searches: SearchLoad
  /** At the collection's own breadth, with the deleted points still in the graph. */
  readonly recall: number
}

const share = 0.1
/** As many as `deleteMatching` takes at a time. */
const atOnce = 200

/** Deletes a tenth, drawn from the seed, while a client searches. */
export async function deleteItems(settings: ScaleSettings): Promise<DeleteFigures> {
  const queries = readQueries(settings)
  const random = createRandom(settings.seed)
  const ids = Array.from({ length: settings.items }, (_, row) => idOf(row)).filter(() => random() < share)
  const store = await openStore(settings)
  try {
    // The collection's thread starts at the first call.
    await store.contentHashes(collection, [])
    const began = performance.now()
    const deletion = async (): Promise<number> => {
      let deleted = 0
      for (let at = 0; at < ids.length; at += atOnce) {
        deleted += await store.deleteItems(collection, ids.slice(at, at + atOnce))
      }
      return deleted
    }
    const { searches, result } = await searchBeside(store, queries, { clients: 1 }, deletion())
    const seconds = since(began)
    return {
      deleted: result,
      seconds,
      searches,
      recall: await recall(store, queries, await exactAnswers(store, queries)),
    }
  } finally {
    await store.close()
  }
}
