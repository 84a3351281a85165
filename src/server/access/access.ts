import type { CollectionStore } from '../../collections/collection-store.js'
import type { ApiKey } from './api-key.js'
import { otherCollection } from './refusal.js'

/** What a request may do, and which collections it may touch; for handlers that meet some which their path does not name. */
export interface Access {
  /** Of the request; null where everything is allowed. */
  readonly key: Pick<ApiKey, 'scope' | 'collections'> | null
  /** @param collection a name, or an alias */
  mayUse(collection: string): Promise<boolean>
  /** @throws KindredError FORBIDDEN */
  check(collection: string): Promise<void>
}

type Aliases = Pick<CollectionStore, 'listAliases'>

/** @param key null for a request that may touch all, as one with a key without limits may */
export function accessWith(key: ApiKey | null, store: Aliases): Access {
  const mayUse = async (collection: string): Promise<boolean> => {
    const collections = key?.collections ?? null
    if (collections === null || collections.includes(collection)) return true
    // The key may name an alias and the request the collection behind it, or the other way round.
    const behind = new Map((await store.listAliases()).map((alias) => [alias.name, alias.collection]))
    const real = (name: string): string => behind.get(name) ?? name
    return collections.some((name) => real(name) === real(collection))
  }
  return {
    key,
    mayUse,
    async check(collection) {
      if (key !== null && !(await mayUse(collection))) throw otherCollection(key, collection)
    },
  }
}
