import type { CollectionStore, Item } from '../../src/collections/collection-store.js'

/** Items with the same picture; or two that look so much alike that one is likely a copy of the other. */
export interface Duplicates {
  /** Ids of items whose bytes are the same. */
  readonly exact: readonly (readonly string[])[]
  /** The most alike first; without those of `exact`. */
  readonly near: readonly { readonly ids: readonly [string, string]; readonly score: number }[]
}

/** Compares every item with its nearest. @param minScore what counts as near */
export async function findDuplicates(
  store: CollectionStore,
  collection: string,
  minScore: number,
): Promise<Duplicates> {
  const items = await allItems(store, collection)
  const byContent = new Map<string, string[]>()
  for (const { id, contentHash } of items) {
    const key = contentHash ?? id
    byContent.set(key, [...(byContent.get(key) ?? []), id])
  }
  const contentOf = new Map(items.map(({ id, contentHash }) => [id, contentHash]))
  const near = new Map<string, Duplicates['near'][number]>()
  for (const { id, contentHash } of items) {
    const embedding = await store.getEmbedding(collection, id)
    const { hits } = await store.search(collection, { embedding, k: 3, excludeId: id, minScore })
    const [nearest] = hits.filter((hit) => contentOf.get(hit.id) !== contentHash)
    if (nearest === undefined) continue
    const ids: [string, string] = id < nearest.id ? [id, nearest.id] : [nearest.id, id]
    near.set(ids.join('\n'), { ids, score: nearest.score })
  }
  return {
    exact: [...byContent.values()].filter((same) => same.length > 1),
    near: [...near.values()].sort((a, b) => b.score - a.score),
  }
}

async function allItems(store: CollectionStore, collection: string): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<CollectionStore['listItems']>> = await store.listItems(collection, {
      limit: 1000,
      ...(cursor !== null && { cursor }),
    })
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return items
}
