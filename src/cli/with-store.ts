import type { CollectionStore } from '../collections/collection-store.js'
import { openEmbeddedStore } from '../collections/embedded/embedded-store.js'
import { createLogger } from '../log.js'

/** Runs `use` with the store of a folder, closed whatever happens. */
export async function withStore<T>(folder: string, use: (store: CollectionStore) => Promise<T>): Promise<T> {
  const store = await openEmbeddedStore(folder, { logger: createLogger('warn') })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}
