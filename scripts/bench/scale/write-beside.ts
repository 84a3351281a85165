import type { CollectionStore } from '../../../src/collections/collection-store.js'
import { clusteredEmbeddings } from '../clustered-embeddings.js'
import { idOf } from './make-source.js'
import { queryTable, type QueryRow } from './query-table.js'
import { openStore, readQueries, since } from './scale-folder.js'
import { clients, collection, efs, type ScaleSettings } from './scale-settings.js'
import { exactAnswers, recall, searchBeside } from './search-load.js'

export interface WriteFigures {
  readonly alone: readonly QueryRow[]
  /** Recall as the writer left the collection. */
  readonly written: readonly QueryRow[]
  /** Items written or deleted a second. */
  readonly writesPerSecond: number
}

const atOnce = 32

/** Searches, and searches with a writer beside them that puts items and deletes as many of the old ones. */
export async function writeBeside(settings: ScaleSettings): Promise<WriteFigures> {
  const queries = readQueries(settings)
  const store = await openStore(settings)
  try {
    const alone = await queryTable(store, queries, settings.seconds)
    const writer = new Writer(store, settings)
    const began = performance.now()
    const loads = []
    for (const ef of efs) {
      const { searches } = await searchBeside(store, queries, { ef, clients }, writer.write(settings.seconds))
      loads.push({ ef, searches })
    }
    const writesPerSecond = writer.written / since(began)
    const truth = await exactAnswers(store, queries)
    const written: QueryRow[] = []
    for (const load of loads) {
      written.push({ ...load, recall: await recall(store, queries, truth, load.ef) })
    }
    return { alone, written, writesPerSecond }
  } finally {
    await store.close()
  }
}

class Writer {
  readonly #store: CollectionStore
  readonly #settings: ScaleSettings
  #batch = 0

  constructor(store: CollectionStore, settings: ScaleSettings) {
    this.#store = store
    this.#settings = settings
  }

  get written(): number {
    return 2 * atOnce * this.#batch
  }

  async write(seconds: number): Promise<void> {
    const { dimensions, noise, items } = this.#settings
    for (const began = performance.now(); since(began) < seconds; this.#batch++) {
      const seed = 1000 + this.#batch
      const { embeddings } = clusteredEmbeddings({ count: atOnce, dimensions, classes: atOnce, noise, seed })
      const row = (at: number): Float32Array => embeddings.slice(at * dimensions, (at + 1) * dimensions)
      const first = this.#batch * atOnce
      const numbers = Array.from({ length: atOnce }, (_, at) => first + at)
      await this.#store.putItems(
        collection,
        numbers.map((number, at) => ({ id: `new-${number}`, embedding: row(at) })),
      )
      const old = numbers.filter((number) => number < items).map(idOf)
      await this.#store.deleteItems(collection, old)
    }
  }
}
