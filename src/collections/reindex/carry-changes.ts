import { KindredError } from '../../errors.js'
import { givenUp } from '../imports/row-error.js'
import type { Item, NewItem } from '../item.js'
import { carriedOver, unlessGone } from './embed-kept.js'
import { embedItem, type PageOutcome, type ReindexParts } from './embed-page.js'

/** Changes carried over in one step, while the writes of the last ones wait. */
const carriedAtOnce = 32

/**
 * Does to the successor what was done to the collection since it was begun: items that were deleted go, new ones and those
 * of another picture are embedded, of the others all but the embedding is taken over.
 *
 * @returns how many changes there were in this step, and what became of items that had to be embedded
 * @throws KindredError what concerns more than one item; the signal's reason where items were given up: the changes are
 *   then there for the next run
 */
export async function carryChanges(parts: ReindexParts): Promise<PageOutcome & { readonly changes: number }> {
  const { store, collection, successor, signal } = parts
  const changes = await successor.changes(carriedAtOnce)
  const ids = changes.map(({ id }) => id)
  const known = await successor.contentHashes(ids)
  const gone: string[] = []
  const put: NewItem[] = []
  const failed: { item: Item; error: KindredError }[] = []
  const outcomes = await Promise.all(
    ids.map(async (id) => {
      const item = await unlessGone(store.getItem(collection, id))
      const outcome = item && (await carryOne(item, known.get(id) ?? null, parts))
      if (outcome === givenUp) return outcome
      if (outcome !== null && !(outcome instanceof KindredError)) {
        put.push(outcome)
        return outcome
      }
      gone.push(id)
      if (item !== null && outcome !== null) failed.push({ item, error: outcome })
      return outcome
    }),
  )
  await successor.deleteItems(gone)
  await successor.putItems(put)
  if (outcomes.includes(givenUp)) signal?.throwIfAborted()
  // Killed before this, the same is done again.
  await successor.settleChanges(changes)
  const embedded = put.filter(({ id }) => !known.has(id))
  return {
    changes: changes.length,
    embedded: embedded.length,
    fromThumbnails: embedded.filter(({ embeddedFrom }) => embeddedFrom !== undefined).length,
    found: put.length - embedded.length,
    failed,
  }
}

/** @param known the content hash that the successor embedded the item by */
async function carryOne(
  item: Item,
  known: string | null,
  parts: ReindexParts,
): Promise<NewItem | KindredError | typeof givenUp | null> {
  const { store, collection, successor } = parts
  if (known === null || known !== item.contentHash) return embedItem(item, parts)
  const kept = await unlessGone(store.getKept(collection, item.id))
  // Another picture by now: then there is a later change, too.
  if (kept?.contentHash !== known) return embedItem(item, parts)
  return { ...carriedOver(item, kept), embedding: await successor.getEmbedding(item.id) }
}
