import { availableParallelism } from 'node:os'
import type { CatalogueRowError } from '../../datasets/catalogues/catalogue-row.js'
import type { Embedder } from '../../embedding/embedder.js'
import { KindredError } from '../../errors.js'
import type { ImageLimits } from '../../images/limits.js'
import { decodesHere, type PictureDecoder } from '../../images/picture-decoder.js'
import type { Collection } from '../collection.js'
import type { CollectionStore } from '../collection-store.js'
import type { ImportCounts } from '../imports/import-progress.js'
import { Slots } from '../imports/slots.js'
import { carryChanges } from './carry-changes.js'
import { embedPage, type PageOutcome, type ReindexParts } from './embed-page.js'
import {
  readReindexCheckpoint,
  writeReindexCheckpoint,
  type ReindexCheckpoint,
  type ReindexProgress,
} from './reindex-progress.js'

export interface ReindexOptions {
  readonly limits: ImageLimits
  /** Where pictures are decoded; in this process where absent. */
  readonly decoder?: Pick<PictureDecoder, 'prepareInput'>
  /** Share of the items, 0 to 1, that may be missing from the new collection when it takes the place of the old one. */
  readonly maxMissing: number
  /** Where an earlier run came to, in its own words, and what it had counted. */
  readonly from?: { readonly checkpoint: string | null; readonly counts: ImportCounts } | undefined
  readonly report?: (progress: ReindexProgress) => void
  /** Told where nothing of what an earlier run did is there any more. */
  readonly onStartOver?: () => void
  /** Stops the items under way, too: those that are not written by then are left to the next run. */
  readonly signal?: AbortSignal | undefined
}

export interface ReindexResult {
  readonly collection: Collection
  readonly counts: ImportCounts
  /** Items embedded from thumbnails. */
  readonly fromThumbnails: number
}

/** Items handed over together: one transaction of the successor. */
const pageSize = 32
/** While one page is written the next are embedded and read. */
const pagesUnderWay = 3
/** Steps in which changes are carried over before writes have to wait for the rest. */
const mostSteps = 1000

const none: ImportCounts = { total: 0, embedded: 0, unchanged: 0, failed: 0 }

/**
 * Embeds a collection with another model beside the old one, from what is kept of each picture, and puts it in its place;
 * the old one is kept to roll back to. Searches and writes go on; what is written meanwhile is carried over before the
 * swap. Stopped or killed at any moment, the next run embeds no item twice.
 *
 * @throws KindredError REINDEX_INCOMPLETE where too many items could not be embedded: what was done stays for a next run;
 *   COLLECTION_NOT_FOUND, INVALID_ARGUMENT, SUCCESSOR_GONE, EMBEDDER_*; the signal's reason
 */
export async function reindexCollection(
  store: CollectionStore,
  name: string,
  embedder: Embedder,
  options: ReindexOptions,
): Promise<ReindexResult> {
  const { limits, decoder = decodesHere, maxMissing, from, signal } = options
  const before = await store.getCollection(name)
  if (from !== undefined && before.model === embedder.model) {
    // Killed between the swap and its note.
    return { collection: before, counts: from.counts, fromThumbnails: 0 }
  }
  const successor = await store.successors.begin(name, embedder)
  const slots = new Slots(availableParallelism() + 2)
  const parts: ReindexParts = {
    store,
    collection: name,
    successor,
    embedder,
    limits,
    prepare: (...args) => decoder.prepareInput(...args),
    slots,
    signal,
  }
  const course = new Course(parts, before.counts.items, options)
  await course.pass()
  for (let step = 0; step < mostSteps && (await course.carry()) > 0; step++) signal?.throwIfAborted()
  const collection = await successor.install(async () => {
    while ((await course.carry()) > 0) signal?.throwIfAborted()
    const { counts } = await store.getCollection(name)
    course.settle(counts.items, counts.items - (await successor.count()))
    refuseGaps(name, course.counts, maxMissing)
  })
  return { collection, counts: course.counts, fromThumbnails: course.fromThumbnails }
}

/** Where a change of model stands, and what it tells of that. */
class Course {
  readonly #parts: ReindexParts
  readonly #options: ReindexOptions
  readonly #resumed: boolean
  readonly #items: number
  #checkpoint: ReindexCheckpoint
  counts: ImportCounts

  constructor(parts: ReindexParts, items: number, options: ReindexOptions) {
    const { from, onStartOver } = options
    const successor = parts.successor.id
    const checkpoint = readReindexCheckpoint(from?.checkpoint ?? null)
    const same = checkpoint?.successor === successor
    if (checkpoint !== null && !same) onStartOver?.()
    this.#parts = parts
    this.#options = options
    this.#items = items
    this.#resumed = from !== undefined
    this.#checkpoint = same ? checkpoint : { successor, cursor: null, passed: false, fromThumbnails: 0 }
    this.counts = same && from !== undefined ? from.counts : none
  }

  get fromThumbnails(): number {
    return this.#checkpoint.fromThumbnails
  }

  /** Embeds every item that the successor does not have, in the order of ids, from where the checkpoint stands. */
  async pass(): Promise<void> {
    if (this.#checkpoint.passed) return
    const { store, collection } = this.#parts
    const underWay: { readonly cursor: string | null; readonly outcome: Promise<PageOutcome> }[] = []
    const settleFirst = async (): Promise<void> => {
      const first = underWay.shift()
      if (first === undefined) return
      const outcome = await first.outcome.catch(async (thrown: unknown) => {
        // Pages behind it do not count, and none goes on when this is over.
        await Promise.allSettled(underWay.splice(0).map((one) => one.outcome))
        throw thrown
      })
      this.#note(outcome, { cursor: first.cursor, passed: first.cursor === null })
    }
    let { cursor } = this.#checkpoint
    try {
      do {
        this.#options.signal?.throwIfAborted()
        const page = await store.listItems(collection, {
          limit: pageSize,
          ...(cursor !== null && { cursor }),
        })
        cursor = page.nextCursor
        const outcome = embedPage(page.items, this.#parts)
        // Awaited in its turn.
        outcome.catch(() => undefined)
        underWay.push({ cursor, outcome })
        if (underWay.length >= pagesUnderWay) await settleFirst()
      } while (cursor !== null)
    } finally {
      // Also after a stop: what is under way is not lost.
      while (underWay.length > 0) await settleFirst()
    }
  }

  /** Carries over some of what was changed meanwhile. @returns how many changes that were */
  async carry(): Promise<number> {
    const { changes, ...outcome } = await carryChanges(this.#parts)
    if (changes > 0) this.#note({ ...outcome, found: 0 }, {})
    return changes
  }

  /** What counts in the end is what the two collections have. */
  settle(items: number, missing: number): void {
    const unchanged = Math.min(this.counts.unchanged, items - missing)
    this.counts = { total: items, embedded: items - missing - unchanged, unchanged, failed: missing }
    this.#report([])
  }

  #note(
    { embedded, fromThumbnails, found, failed }: PageOutcome,
    position: Partial<Pick<ReindexCheckpoint, 'cursor' | 'passed'>>,
  ): void {
    const { counts } = this
    const errors = failed.map(({ item, error: { code, message } }, at) => ({
      row: counts.total + embedded + found + at + 1,
      id: item.id,
      code,
      reason: message,
    }))
    this.counts = {
      total: counts.total + embedded + found + failed.length,
      // Found again after a kill, or done by an earlier change of model that came to no end.
      embedded: counts.embedded + embedded + (this.#resumed ? found : 0),
      unchanged: counts.unchanged + (this.#resumed ? 0 : found),
      failed: counts.failed + failed.length,
    }
    this.#checkpoint = {
      ...this.#checkpoint,
      ...position,
      fromThumbnails: this.#checkpoint.fromThumbnails + fromThumbnails,
    }
    this.#report(errors)
  }

  #report(errors: readonly CatalogueRowError[]): void {
    this.#options.report?.({
      counts: this.counts,
      items: this.#items,
      checkpoint: writeReindexCheckpoint(this.#checkpoint),
      errors,
    })
  }
}

function refuseGaps(name: string, { total, failed }: ImportCounts, maxMissing: number): void {
  if (failed <= maxMissing * total) return
  const percent = ((100 * failed) / total).toFixed(1)
  throw new KindredError(
    'REINDEX_INCOMPLETE',
    `${failed} of the ${total} items of ${name} could not be embedded anew (${percent} %, at most ${100 * maxMissing} % may); it stays as it is`,
  )
}
