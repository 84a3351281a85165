import { KindredError } from '../../errors.js'
import type { Collection } from '../collection.js'
import type { NewItem } from '../item.js'
import type { FullSpec } from '../collection-spec.js'
import type { ItemChange, Successor, SuccessorStore } from '../successor-store.js'
import type { CollectionThread } from './collection-thread.js'
import { packItems } from './pack-items.js'
import type { RegistryEntry } from './registry.js'

/** What successors ask of the store that has them. */
export interface SuccessorHost {
  /** Runs what changes the folders of a collection when no other such change of it is under way. */
  inTurn<T>(name: string, work: (entry: RegistryEntry) => Promise<T>): Promise<T>
  /** Behind an alias, too. @throws KindredError COLLECTION_NOT_FOUND, STORE_CLOSED */
  entryOf(name: string): RegistryEntry
  open(uid: string, name: string): { readonly thread: CollectionThread }
  describe(entry: { readonly name: string; readonly uid: string }): Collection
  /** Makes an empty collection that is to take the place of the one of that name. @returns its uid */
  make(name: string, spec: FullSpec): string
  drop(name: string, uid: string): Promise<void>
  /** Lets writes to a collection wait while `work` runs. */
  holdWrites<T>(uid: string, work: () => Promise<T>): Promise<T>
  install(name: string, uid: string): Promise<Collection>
}

/** The registry names a successor beside its collection, so that it outlives the process. */
export class Successors implements SuccessorStore {
  readonly #host: SuccessorHost

  constructor(host: SuccessorHost) {
    this.#host = host
  }

  begin(
    collection: string,
    embedder: { readonly model: string; readonly dimensions: number },
  ): Promise<Successor> {
    return this.#host.inTurn(collection, (entry) => this.#begin(entry, embedder))
  }

  abandon(collection: string): Promise<boolean> {
    return this.#host.inTurn(collection, async ({ name, uid, next }) => {
      if (next === null) return false
      await this.#host.drop(name, next)
      await this.#host.open(uid, name).thread.call('noteChangesFor', null)
      return true
    })
  }

  async #begin(
    entry: RegistryEntry,
    { model, dimensions }: { readonly model: string; readonly dimensions: number },
  ): Promise<Successor> {
    const { name } = entry
    const { fields, hnsw, keep, thumbnailSide, probabilities, model: has } = this.#host.describe(entry)
    if (fingerprintOf(has) === fingerprintOf(model))
      throw new KindredError('INVALID_ARGUMENT', `${name} is embedded by ${model} already`)
    let { next } = entry
    if (next !== null && this.#host.describe({ name, uid: next }).model !== model) {
      await this.#host.drop(name, next)
      next = null
    }
    next ??= this.#host.make(name, { model, dimensions, fields, hnsw, keep, thumbnailSide, probabilities })
    const successor = new EmbeddedSuccessor(this.#host, { name, uid: entry.uid, next })
    await successor.noteChanges()
    return successor
  }
}

/** Embeddings are comparable where it is equal, whatever the bundle is called. */
const fingerprintOf = (model: string | null): string | null => model && (model.split('@')[1] ?? model)

class EmbeddedSuccessor implements Successor {
  readonly #host: SuccessorHost
  readonly #name: string
  /** Of the collection whose place it is to take. */
  readonly #uid: string
  readonly id: string

  constructor(host: SuccessorHost, { name, uid, next }: { name: string; uid: string; next: string }) {
    this.#host = host
    this.#name = name
    this.#uid = uid
    this.id = next
  }

  noteChanges(): Promise<void> {
    return this.#collection.call('noteChangesFor', this.id)
  }

  async count(): Promise<number> {
    // Through the thread, so that what it was given before is in the count.
    await this.#own.call('contentHashes', [])
    this.#check()
    return this.#host.describe({ name: this.#name, uid: this.id }).counts.items
  }

  async contentHashes(ids: readonly string[]): Promise<Map<string, string | null>> {
    return this.#own.call('contentHashes', ids)
  }

  async getEmbedding(id: string): Promise<Float32Array> {
    return this.#own.call('getEmbedding', id)
  }

  async putItems(items: readonly NewItem[]): Promise<void> {
    const thread = this.#own
    const { dimensions } = this.#host.describe({ name: this.#name, uid: this.id })
    const { rows, embeddings } = packItems(items, dimensions)
    if (rows.length > 0) await thread.call('putItems', rows, embeddings)
  }

  async deleteItems(ids: readonly string[]): Promise<void> {
    await this.#own.call('deleteItems', ids)
  }

  async changes(limit: number): Promise<readonly ItemChange[]> {
    return this.#collection.call('changes', limit)
  }

  async settleChanges(changes: readonly ItemChange[]): Promise<void> {
    await this.#collection.call('settleChanges', changes)
  }

  install(finish: () => Promise<void>): Promise<Collection> {
    return this.#host.holdWrites(this.#uid, async () => {
      this.#check()
      await finish()
      return this.#host.inTurn(this.#name, () => {
        this.#check()
        return this.#host.install(this.#name, this.id)
      })
    })
  }

  get #own(): CollectionThread {
    this.#check()
    return this.#host.open(this.id, this.#name).thread
  }

  get #collection(): CollectionThread {
    this.#check()
    return this.#host.open(this.#uid, this.#name).thread
  }

  /** @throws KindredError SUCCESSOR_GONE, COLLECTION_NOT_FOUND */
  #check(): void {
    const { uid, next } = this.#host.entryOf(this.#name)
    if (uid === this.#uid && next === this.id) return
    throw new KindredError('SUCCESSOR_GONE', `${this.#name} was replaced while it was embedded anew`)
  }
}
