import type { Embedder } from '../../embedding/embedder.js'
import { KindredError } from '../../errors.js'
import type { ImageLimits } from '../../images/limits.js'
import type { PrepareInput } from '../../images/prepare-input.js'
import type { CollectionStore } from '../collection-store.js'
import type { Item } from '../item.js'
import { givenUp, rowErrorUnlessStopped } from '../imports/row-error.js'
import type { Slots } from '../imports/slots.js'
import type { Successor } from '../successor-store.js'
import { embedKept } from './embed-kept.js'

/** What a change of model works with. */
export interface ReindexParts {
  readonly store: CollectionStore
  readonly collection: string
  readonly successor: Successor
  readonly embedder: Embedder
  readonly limits: ImageLimits
  /** Where pictures are decoded. */
  readonly prepare: PrepareInput
  readonly slots: Slots
  /** Gives up the items that wait, are decoded or embedded. */
  readonly signal: AbortSignal | undefined
}

export interface PageOutcome {
  readonly embedded: number
  /** Of those. */
  readonly fromThumbnails: number
  /** Items that the successor had already. */
  readonly found: number
  readonly failed: readonly { readonly item: Item; readonly error: KindredError }[]
}

/**
 * Embeds those of some items that the successor does not have, and writes them there in one transaction.
 *
 * @throws KindredError what concerns more than one item; the signal's reason where items were given up, and those that
 *   were embedded by then are written
 */
export async function embedPage(items: readonly Item[], parts: ReindexParts): Promise<PageOutcome> {
  const { successor, signal } = parts
  const known = await successor.contentHashes(items.map(({ id }) => id))
  const wanted = items.filter(({ id }) => !known.has(id))
  const settled = await Promise.all(
    wanted.map(async (item) => ({ item, outcome: await embedItem(item, parts) })),
  )
  const embedded = settled.flatMap(({ outcome }) =>
    outcome === null || outcome === givenUp || outcome instanceof KindredError ? [] : [outcome],
  )
  await successor.putItems(embedded)
  if (settled.some(({ outcome }) => outcome === givenUp)) signal?.throwIfAborted()
  return {
    embedded: embedded.length,
    fromThumbnails: embedded.filter(({ embeddedFrom }) => embeddedFrom !== undefined).length,
    found: known.size,
    failed: settled.flatMap(({ item, outcome }) =>
      outcome instanceof KindredError ? [{ item, error: outcome }] : [],
    ),
  }
}

/**
 * @returns the item, null where it is gone, `givenUp`, or what is wrong with its picture
 * @throws KindredError what concerns more than this item
 */
export function embedItem(item: Item, parts: ReindexParts) {
  const { store, collection, embedder, limits, prepare, slots, signal } = parts
  const options = { limits, prepare, ...(signal && { signal }) }
  return slots
    .run(() => embedKept(store, collection, item, embedder, options))
    .catch((thrown: unknown) => rowErrorUnlessStopped(thrown, signal))
}
