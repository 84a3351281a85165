import { embedImage } from '../../embedding/embed-image.js'
import type { Embedder } from '../../embedding/embedder.js'
import { toKindredError } from '../../errors.js'
import type { ImageLimits } from '../../images/limits.js'
import type { PrepareInput } from '../../images/prepare-input.js'
import type { CollectionStore } from '../collection-store.js'
import type { Item, KeptItem, NewItem } from '../item.js'
import { readKept } from './read-kept.js'

/** All of an item but its embedding, as another collection takes it in. */
export const carriedOver = (
  { id, group, metadata }: Item,
  { contentHash, path, picture }: KeptItem,
): Omit<NewItem, 'embedding'> => ({ id, group, metadata, contentHash, path, picture })

/**
 * Embeds an item anew from what is kept of its picture.
 *
 * @returns the item for the other collection; null where it was deleted meanwhile
 * @param options.prepare where pictures are decoded
 * @throws KindredError IMAGE_NOT_KEPT and its relatives; EMBEDDER_*; the signal's reason
 */
export async function embedKept(
  store: Pick<CollectionStore, 'getKept'>,
  collection: string,
  item: Item,
  embedder: Embedder,
  options: { readonly limits: ImageLimits; readonly prepare: PrepareInput; readonly signal?: AbortSignal },
): Promise<NewItem | null> {
  // It may have waited for long.
  options.signal?.throwIfAborted()
  const kept = await unlessGone(store.getKept(collection, item.id))
  if (kept === null) return null
  const { bytes, thumbnail } = await readKept(kept, options.limits.maxBytes)
  const { embedding } = await embedImage(embedder, bytes, options)
  return { ...carriedOver(item, kept), embedding, ...(thumbnail && { embeddedFrom: 'thumbnail' as const }) }
}

/** null where there is no such item any more. */
export const unlessGone = <T>(found: Promise<T>): Promise<T | null> =>
  found.catch((thrown: unknown) => {
    if (toKindredError(thrown).code === 'ITEM_NOT_FOUND') return null
    throw thrown
  })
