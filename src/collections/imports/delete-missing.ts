import { KindredError } from '../../errors.js'
import type { CollectionStore } from '../collection-store.js'
import { largestPage } from '../ranges.js'
import type { ImportCounts } from './import-progress.js'
import type { SeenIds } from './seen-ids.js'

/** Says whether so many items may go. */
export type ConfirmDeletion = (count: number) => Promise<boolean>

/** A source that was read to its end. */
export interface ReadSource {
  /** Every id of it; keeps what is missing. */
  readonly seen: SeenIds
  /** What became of its rows. */
  readonly counts: ImportCounts
}

/**
 * Finds the items whose ids the source does not have; a row of it that failed counts as had.
 *
 * @returns how many they are
 * @throws KindredError SOURCE_INCOMPLETE where the source may have more ids than could be read, or none of its rows could be
 *   taken; the signal's reason
 */
export async function findMissing(
  store: Pick<CollectionStore, 'listItems'>,
  collection: string,
  source: ReadSource,
  signal?: AbortSignal,
): Promise<number> {
  refuseIncomplete(source)
  const { seen } = source
  let cursor: string | null = null
  do {
    signal?.throwIfAborted()
    const page: Awaited<ReturnType<CollectionStore['listItems']>> = await store.listItems(collection, {
      limit: largestPage,
      ...(cursor !== null && { cursor }),
    })
    seen.keepMissing(page.items.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== null)
  return seen.missingCount()
}

/**
 * Deletes the items whose ids the source does not have.
 *
 * @returns how many items went
 * @throws KindredError CONFIRMATION_NEEDED where they may not, SOURCE_INCOMPLETE as `findMissing`, and then nothing was
 *   deleted; the signal's reason
 */
export async function deleteMissing(
  store: Pick<CollectionStore, 'listItems' | 'deleteItems'>,
  collection: string,
  source: ReadSource,
  confirm: ConfirmDeletion,
  signal?: AbortSignal,
): Promise<number> {
  const count = await findMissing(store, collection, source, signal)
  if (count === 0) return 0
  const confirmed = await confirm(count)
  signal?.throwIfAborted()
  if (!confirmed) {
    const what = count === 1 ? '1 item is' : `${count} items are`
    throw new KindredError('CONFIRMATION_NEEDED', `${what} no longer in the source; nothing was deleted`)
  }
  let deleted = 0
  for (const ids of source.seen.missing(largestPage)) {
    signal?.throwIfAborted()
    deleted += await store.deleteItems(collection, ids)
  }
  return deleted
}

/** A source that is cut off, or was read by mistake, or names its pictures wrongly, must not empty a collection. */
function refuseIncomplete({ seen, counts: { total, failed } }: ReadSource): void {
  if (total === 0) throw new KindredError('SOURCE_INCOMPLETE', 'The source has no rows; nothing was deleted')
  if (failed === total) {
    const none = total === 1 ? 'The only row' : `None of the ${total} rows`
    const could = total === 1 ? 'could not' : 'could'
    throw new KindredError(
      'SOURCE_INCOMPLETE',
      `${none} of the source ${could} be taken, so nothing was deleted; the errors of the rows say what to mend`,
    )
  }
  if (seen.nameless > 0) {
    const rows = seen.nameless === 1 ? '1 row' : `${seen.nameless} rows`
    throw new KindredError('SOURCE_INCOMPLETE', `The ids of ${rows} could not be read; nothing was deleted`)
  }
}
