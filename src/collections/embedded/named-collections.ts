import { KindredError } from '../../errors.js'
import type { Logger } from '../../log.js'
import type { NativeGuard } from '../../native-guard.js'
import { startWorker } from '../../worker-thread.js'
import type { Collection } from '../collection.js'
import type { CollectionWorkerData } from './collection-calls.js'
import type { CollectionFolders } from './collection-folders.js'
import { CollectionThread } from './collection-thread.js'
import type { Registry, RegistryEntry } from './registry.js'
import type { Tuning } from './tuning.js'

export interface OpenCollection {
  readonly uid: string
  readonly model: string | null
  readonly dimensions: number
  readonly thread: CollectionThread
}

/**
 * Which folder each name of a store has, and the thread of each collection that was asked for. A folder is called by its
 * uid, and a name can be given to another folder at once.
 */
export class NamedCollections {
  readonly #registry: Registry
  readonly #folders: CollectionFolders
  readonly #logger: Logger
  readonly #tuning: Tuning
  readonly #open = new Map<string, OpenCollection>()
  /** By uid: collections whose writes wait, and until when. */
  readonly #held = new Map<string, Promise<void>>()

  constructor(parts: {
    readonly registry: Registry
    readonly folders: CollectionFolders
    readonly logger: Logger
    readonly tuning: Tuning
  }) {
    this.#registry = parts.registry
    this.#folders = parts.folders
    this.#logger = parts.logger
    this.#tuning = parts.tuning
  }

  /** @param name of a collection, or an alias @throws KindredError COLLECTION_NOT_FOUND */
  entryOf(name: string): RegistryEntry {
    const entry = this.#registry.find(name)
    if (entry === undefined) throw new KindredError('COLLECTION_NOT_FOUND', `There is no collection ${name}`)
    return entry
  }

  describe({ name, uid }: { readonly name: string; readonly uid: string }): Collection {
    return { name, ...this.#folders.read(uid) }
  }

  /** The collection of that name or alias, opened where it is not yet. @throws KindredError COLLECTION_NOT_FOUND */
  find(name: string): OpenCollection {
    return this.openOnce(this.entryOf(name).uid, name)
  }

  whereOpen(uid: string): OpenCollection | undefined {
    return this.#open.get(uid)
  }

  /** @param name for the log */
  openOnce(uid: string, name: string): OpenCollection {
    const open = this.#open.get(uid) ?? this.#openCollection(uid, name)
    this.#open.set(uid, open)
    return open
  }

  #openCollection(uid: string, name: string): OpenCollection {
    const { model, dimensions } = this.#folders.read(uid)
    const folder = this.#folders.pathOf(uid)
    const start = (guard: NativeGuard) => {
      const workerData: CollectionWorkerData = { folder, tuning: this.#tuning, guard }
      return startWorker(import.meta.url, './collection.worker', { workerData })
    }
    return {
      uid,
      model,
      dimensions,
      thread: new CollectionThread(start, this.#logger.child({ collection: name })),
    }
  }

  /** Gives a folder the name of a collection, whose own is kept in place of what was kept before. */
  async install(name: string, uid: string): Promise<Collection> {
    const before = this.#registry.find(name)
    this.#registry.set(before?.name ?? name, uid)
    if (before !== undefined) {
      const { uid: replaced, previous, next } = before
      const thread = this.#open.get(replaced)?.thread
      this.#open.delete(replaced)
      // The name is given: what the one before could not save is no failure of this.
      await thread?.close(true).catch((error: unknown) => {
        this.#logger.warn({ err: error, collection: name }, 'What was replaced could not be closed')
      })
      await this.remove(...[previous, next].filter((other) => other !== uid))
    }
    return this.describe({ name: before?.name ?? name, uid })
  }

  /** Lets the calls on collections that have no name any more finish, then removes their folders. */
  async remove(...uids: readonly (string | null)[]): Promise<void> {
    await Promise.all(uids.filter((uid) => uid !== null).map((uid) => this.#release(uid)))
  }

  async #release(uid: string): Promise<void> {
    const open = this.#open.get(uid)
    this.#open.delete(uid)
    await open?.thread.close(false)
    await this.#folders.remove(uid)
  }

  /** Until when the writes to a collection wait; undefined while it takes them. */
  heldUntil(uid: string): Promise<void> | undefined {
    return this.#held.get(uid)
  }

  /** Lets writes to a collection wait; those that came before are through when the work makes its first call. */
  async holdWrites<T>(uid: string, work: () => Promise<T>): Promise<T> {
    const done = work()
    this.#held.set(
      uid,
      done.then(
        () => undefined,
        () => undefined,
      ),
    )
    try {
      return await done
    } finally {
      this.#held.delete(uid)
    }
  }

  /** Lets every collection finish what it was asked, and keeps what makes its next opening fast. @throws what one could not save */
  async close(): Promise<void> {
    // SQLite tidies up at the last connection, which is to be the thread's.
    this.#folders.close()
    const closed = await Promise.allSettled([...this.#open.values()].map(({ thread }) => thread.close(true)))
    this.#folders.close()
    for (const outcome of closed) if (outcome.status === 'rejected') throw outcome.reason
  }
}
