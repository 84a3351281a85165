import type { CollectionStore } from '../../collections/collection-store.js'
import type { ApiKey } from './api-key.js'
import { otherCollection } from './refusal.js'

/** What a request may do and touch; for handlers that meet collections which their path does not name, or that take long. */
export interface Access {
  /** Of the request; null where everything is allowed. */
  readonly key: Pick<ApiKey, 'scope' | 'collections'> | null
  /** Whether it still may: its key was not revoked since, and has not expired. */
  holds(): boolean
  /** @param collection a name, or an alias */
  mayUse(collection: string): Promise<boolean>
  /** @throws KindredError FORBIDDEN */
  check(collection: string): Promise<void>
}

type Aliases = Pick<CollectionStore, 'listAliases'>

/**
 * @param key null for a request that may touch all, as one with a key without limits may
 * @param holds whether it still may
 */
export function accessWith(key: ApiKey | null, store: Aliases, holds: () => boolean): Access {
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
    holds,
    mayUse,
    async check(collection) {
      if (key !== null && !(await mayUse(collection))) throw otherCollection(key, collection)
    },
  }
}

/** Those of a list that the request may know of. @param collectionOf which collection an entry is, or is about */
export async function onlyAllowed<T>(
  access: Pick<Access, 'mayUse'>,
  items: readonly T[],
  collectionOf: (item: T) => string,
): Promise<T[]> {
  const names = [...new Set(items.map(collectionOf))]
  const allowed = await Promise.all(names.map((name) => access.mayUse(name)))
  const mine = new Set(names.filter((_, at) => allowed[at]))
  return items.filter((item) => mine.has(collectionOf(item)))
}
