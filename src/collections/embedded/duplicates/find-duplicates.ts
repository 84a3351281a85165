import { compareCodePoints } from '../../code-point-order.js'
import type { DuplicateGroup, DuplicatesQuery } from '../../collection-store.js'
import type { CollectionThread } from '../collection-thread.js'
import { LinkedGroups } from './linked-groups.js'

const labelsAtOnce = 1000

/** Finds duplicates by a collection's thread, in stretches that other calls come between. */
export async function findDuplicates(
  thread: CollectionThread,
  { threshold, most, signal, onLooked }: DuplicatesQuery,
): Promise<DuplicateGroup[]> {
  const linked = new LinkedGroups(most)
  let items = 0
  for (let after: number | null = 0; after !== null;) {
    signal?.throwIfAborted()
    const found: Awaited<ReturnType<typeof thread.call<'nearLinks'>>> = await thread.call(
      'nearLinks',
      after,
      threshold,
    )
    linked.add(found)
    items += found.items
    onLooked?.(items)
    after = found.next
  }
  return named(thread, linked, signal)
}

async function named(
  thread: CollectionThread,
  linked: LinkedGroups,
  signal: AbortSignal | undefined,
): Promise<DuplicateGroup[]> {
  const groups = linked.groups()
  const ids = new Map<number, readonly string[]>()
  const labels = groups.flat()
  for (let first = 0; first < labels.length; first += labelsAtOnce) {
    signal?.throwIfAborted()
    for (const entry of await thread.call('idsOf', labels.slice(first, first + labelsAtOnce)))
      ids.set(...entry)
  }
  return (
    groups
      .map((group) => ({
        items: group
          .flatMap((label) => {
            const sharing = ids.get(label) ?? []
            return sharing.map((id) => ({
              id,
              similarity: sharing.length > 1 ? 1 : linked.similarityOf(label),
            }))
          })
          .sort((a, b) => compareCodePoints(a.id, b.id)),
      }))
      // Items that were deleted meanwhile have left some alone.
      .filter((group) => group.items.length > 1)
      .sort(
        (a, b) =>
          b.items.length - a.items.length || compareCodePoints(a.items[0]?.id ?? '', b.items[0]?.id ?? ''),
      )
  )
}
