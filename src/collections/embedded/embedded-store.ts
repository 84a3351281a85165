import { createHash, randomUUID } from 'node:crypto'
import { KindredError } from '../../errors.js'
import type { Logger } from '../../log.js'
import { checkPatch, completeSpec } from '../collection-spec.js'
import type { Collection, CollectionSize, CollectionPatch, CollectionSpec } from '../collection.js'
import type {
  Alias,
  CollectionStore,
  DeleteOptions,
  DuplicateGroup,
  DuplicatesQuery,
  FacetRequest,
  Facets,
  ItemPageRequest,
  Page,
  PageRequest,
  SearchAnswer,
  SearchQuery,
} from '../collection-store.js'
import type { Item, ItemPatch, KeptItem, KeptPlaces, NewItem, PutResult, VersionedItem } from '../item.js'
import { decodeCursor, encodeCursor } from '../cursor.js'
import type { Filter } from '../filter/filter.js'
import type { ItemCondition } from '../item-condition.js'
import { parseDeletion } from '../filter/parse-deletion.js'
import { parseFilter } from '../filter/parse-filter.js'
import { checkMetadata } from '../metadata.js'
import { checkCollectionName, checkContentHash, checkGroup, checkItemId } from '../names.js'
import { checkWhole, largestPage } from '../ranges.js'
import { decodeSearchCursor, encodeSearchCursor } from '../search-cursor.js'
import { CollectionFolders } from './collection-folders.js'
import { NamedCollections, type OpenCollection } from './named-collections.js'
import { packItems, toPutResults } from './pack-items.js'
import { findDuplicates } from './duplicates/find-duplicates.js'
import { Registry, type RegistryEntry } from './registry.js'
import { scopeOf, toNearestQuery } from './search/nearest-query.js'
import { SnapshotShelf } from './snapshots/snapshot-shelf.js'
import { Successors } from './successors.js'
import { defaultTuning, type Tuning } from './tuning.js'
import { Turns } from './turns.js'

/** Items deleted in one transaction when a filter chooses them: a search waits for one of them at most. */
const deletedAtOnce = 200

/**
 * Opens the store in a folder, making it where there is none. The store is locked until it is closed or its process
 * ends.
 *
 * @param options.tuning for tests and measurements
 * @throws KindredError STORE_LOCKED when it is open already, here or in another process; STORE_TOO_NEW; STORE_CORRUPT,
 * also when there are collections but no registry
 */
export async function openEmbeddedStore(
  folder: string,
  options: { logger: Logger; tuning?: Partial<Tuning> },
): Promise<CollectionStore> {
  const folders = await CollectionFolders.open(folder)
  // A new registry would know none of the collections that are there: the lost one has to come back.
  const registry = new Registry(folder, { create: !(await folders.holdCollections()) })
  try {
    const leftovers = registry.noteOpening() ? await folders.sweep(registry.uids()) : []
    if (leftovers.length > 0) options.logger.warn({ leftovers }, 'Removed folders of deleted collections')
    const tuning = { ...defaultTuning, ...options.tuning }
    const store = new EmbeddedStore(folder, { registry, folders, logger: options.logger, tuning })
    await store.snapshots.sweep()
    return store
  } catch (error) {
    registry.close()
    throw error
  }
}

/**
 * Checks what comes in and passes it to the thread of its collection; all that takes time happens there. Checks and
 * hand-over are synchronous, so calls reach a collection in the order in which they were made.
 */
class EmbeddedStore implements CollectionStore {
  readonly #registry: Registry
  readonly #folders: CollectionFolders
  readonly #collections: NamedCollections
  /** By name: what changes the folders that a collection has, one change at a time. */
  readonly #turns = new Turns()
  #closing: Promise<void> | null = null
  readonly snapshots: SnapshotShelf
  readonly successors: Successors

  constructor(
    folder: string,
    parts: { registry: Registry; folders: CollectionFolders; logger: Logger; tuning: Tuning },
  ) {
    this.#registry = parts.registry
    this.#folders = parts.folders
    this.#collections = new NamedCollections(parts)
    this.snapshots = new SnapshotShelf(folder, {
      tuning: parts.tuning,
      use: (collection, work) =>
        this.#accept(() => {
          const { name, uid } = this.#collections.entryOf(collection)
          return this.#folders.use(uid, (folder) => work({ name, folder }))
        }),
      makeFolder: () => this.#accept(() => this.#folders.make(randomUUID())),
      install: (name, uid) => this.#inTurn(name, (own) => this.#collections.install(own, uid)),
      dropFolder: (uid) => this.#folders.remove(uid),
    })
    this.successors = new Successors({
      inTurn: (name, work) => this.#inTurnOfExisting(name, work),
      entryOf: (name) => {
        this.#refuseWhenClosed()
        return this.#collections.entryOf(name)
      },
      open: (uid, name) => this.#collections.openOnce(uid, name),
      describe: (entry) => this.#collections.describe(entry),
      make: (name, spec) => {
        const uid = randomUUID()
        this.#folders.create(uid, spec)
        this.#registry.setNext(name, uid)
        return uid
      },
      drop: (name, uid) => {
        this.#registry.setNext(name, null)
        return this.#collections.remove(uid)
      },
      holdWrites: (uid, work) => this.#collections.holdWrites(uid, work),
      install: (name, uid) => this.#collections.install(name, uid),
    })
  }

  listCollections(page: PageRequest): Promise<Page<Collection>> {
    return this.#accept(() => {
      checkWhole('limit', page.limit, 1, largestPage)
      const after = page.cursor === undefined ? null : decodeCursor(page.cursor, 'collections')
      const entries = this.#registry.list(after, page.limit + 1)
      const items = entries
        .slice(0, page.limit)
        .map(({ name, uid }) => ({ name, ...this.#folders.read(uid) }))
      return toPage(items, entries.length > page.limit, 'collections', ({ name }) => name)
    })
  }

  createCollection(
    name: string,
    spec: CollectionSpec,
  ): Promise<{ collection: Collection; created: boolean }> {
    return this.#accept(() => {
      checkCollectionName(name)
      const full = completeSpec(spec)
      const known = this.#registry.find(name)
      if (known === undefined) {
        const uid = randomUUID()
        this.#folders.create(uid, full)
        this.#registry.set(name, uid)
        return { collection: this.#collections.describe({ name, uid }), created: true }
      }
      const collection = this.#collections.describe(known)
      if (collection.model !== full.model || collection.dimensions !== full.dimensions) {
        const { model, dimensions } = collection
        throw new KindredError(
          'COLLECTION_EXISTS',
          `The collection ${name} exists with model ${model ?? 'none'} and ${dimensions} dimensions`,
          {
            hint:
              model === null || full.model === null
                ? 'Choose another name, or delete it first.'
                : `Embed its items with the other model: POST /v1/collections/${name}/reindex, or kindred reindex. Or choose another name.`,
          },
        )
      }
      return { collection, created: false }
    })
  }

  getCollection(name: string): Promise<Collection> {
    return this.#accept(() => this.#collections.describe(this.#collections.entryOf(name)))
  }

  nameOf(name: string): Promise<string> {
    return this.#accept(() => this.#collections.entryOf(name).name)
  }

  sizeOf(name: string): Promise<CollectionSize> {
    return this.#accept(async () => {
      const { uid } = this.#collections.entryOf(name)
      // Not opened for this: to be measured, a graph would have to be read.
      const graphPoints = this.#collections.whereOpen(uid)?.thread.call('graphPoints') ?? null
      return { diskBytes: await this.#folders.bytesOf(uid), graphPoints: await graphPoints }
    })
  }

  patchCollection(name: string, patch: CollectionPatch): Promise<Collection> {
    return this.#inTurnOfExisting(name, async (entry) => {
      checkPatch(patch)
      await this.#collections.openOnce(entry.uid, entry.name).thread.call('patchSettings', patch)
      // In turn with what would give it the name meanwhile.
      if (entry.next !== null) {
        await this.#collections.openOnce(entry.next, entry.name).thread.call('patchSettings', patch)
      }
      return this.#collections.describe(entry)
    })
  }

  deleteCollection(name: string): Promise<void> {
    return this.#inTurnOfExisting(name, (entry) => {
      if (entry.name !== name) {
        throw new KindredError('NAME_IS_ALIAS', `${name} is an alias of the collection ${entry.name}`, {
          hint: `DELETE /v1/aliases/${name} removes the alias, DELETE /v1/collections/${entry.name} the collection.`,
        })
      }
      // Without its row it is gone, whatever comes of the folder: the next opening sweeps what is left.
      this.#registry.remove(entry.name)
      return this.#collections.remove(entry.uid, entry.previous, entry.next)
    })
  }

  rollBack(name: string): Promise<Collection> {
    return this.#inTurnOfExisting(name, async (entry) => {
      if (entry.previous === null) {
        throw new KindredError('PREVIOUS_NOT_FOUND', `Nothing was in the place of ${entry.name} before`)
      }
      const collection = await this.#collections.install(entry.name, entry.previous)
      // It may have had a successor, which took its place.
      await this.#collections.find(entry.name).thread.call('noteChangesFor', null)
      return collection
    })
  }

  hasPrevious(name: string): Promise<boolean> {
    return this.#accept(() => (this.#registry.find(name)?.previous ?? null) !== null)
  }

  dropPrevious(name: string): Promise<void> {
    return this.#inTurnOfExisting(name, (entry) => {
      this.#registry.forgetPrevious(entry.name)
      return this.#collections.remove(entry.previous)
    })
  }

  listAliases(): Promise<Alias[]> {
    return this.#accept(() => this.#registry.aliases())
  }

  setAlias(name: string, collection: string): Promise<void> {
    return this.#accept(() => {
      checkCollectionName(name)
      if (this.#registry.find(name)?.name === name) {
        throw new KindredError('NAME_TAKEN', `${name} is a collection; an alias needs a name of its own`)
      }
      this.#registry.setAlias(name, this.#collections.entryOf(collection).name)
    })
  }

  removeAlias(name: string): Promise<void> {
    return this.#accept(() => {
      if (!this.#registry.removeAlias(name)) {
        throw new KindredError('ALIAS_NOT_FOUND', `There is no alias ${name}`)
      }
    })
  }

  putItems(
    collection: string,
    items: readonly NewItem[],
    options: { model?: string; condition?: ItemCondition } = {},
  ): Promise<PutResult[]> {
    return this.#write(collection, async ({ model, dimensions, thread }) => {
      if (options.model !== undefined && options.model !== model) {
        throw mismatch(`The items were embedded for ${options.model}`, collection, model)
      }
      const { rows, embeddings } = packItems(items, dimensions)
      if (rows.length === 0) return []
      return toPutResults(rows, await thread.call('putItems', rows, embeddings, options.condition))
    })
  }

  getItem(collection: string, id: string): Promise<VersionedItem> {
    return this.#accept(() => {
      checkItemId(id)
      return this.#collections.find(collection).thread.call('getItem', id)
    })
  }

  getEmbedding(collection: string, id: string): Promise<Float32Array> {
    return this.#accept(() => {
      checkItemId(id)
      return this.#collections.find(collection).thread.call('getEmbedding', id)
    })
  }

  getKept(collection: string, id: string): Promise<KeptItem> {
    return this.#accept(() => {
      checkItemId(id)
      return this.#collections.find(collection).thread.call('getKept', id)
    })
  }

  patchItem(
    collection: string,
    id: string,
    patch: ItemPatch,
    condition?: ItemCondition,
  ): Promise<VersionedItem> {
    return this.#write(collection, ({ thread }) => {
      checkItemId(id)
      if (patch.group !== undefined) checkGroup(patch.group)
      const metadata = checkMetadata(patch.metadata ?? {}, id)
      return thread.call('patchItem', id, { ...patch, metadata }, condition)
    })
  }

  deleteItems(collection: string, ids: readonly string[], condition?: ItemCondition): Promise<number> {
    return this.#write(collection, ({ thread }) => {
      for (const id of ids) checkItemId(id)
      return thread.call('deleteItems', ids, condition)
    })
  }

  deleteMatching(collection: string, filter: Filter, options: DeleteOptions = {}): Promise<number> {
    return this.#accept(async () => {
      const { all = false, signal, onDeleted } = options
      const parsed = parseDeletion(filter, all)
      for (let total = 0; ;) {
        signal?.throwIfAborted()
        const deleted = await this.#write(collection, ({ thread }) =>
          thread.call('deleteMatching', parsed, deletedAtOnce),
        )
        total += deleted
        onDeleted?.(total)
        if (deleted < deletedAtOnce) return total
      }
    })
  }

  listItems(collection: string, page: ItemPageRequest): Promise<Page<Item>> {
    return this.#accept(async () => {
      checkWhole('limit', page.limit, 1, largestPage)
      const { uid, thread } = this.#collections.find(collection)
      const filter = page.filter === undefined ? null : parseFilter(page.filter)
      const scope = filter === null ? uid : `${uid} ${hashOf(JSON.stringify(filter))}`
      const after = page.cursor === undefined ? null : decodeCursor(page.cursor, scope)
      const items = await thread.call('listItems', after, page.limit + 1, filter)
      return toPage(items.slice(0, page.limit), items.length > page.limit, scope, ({ id }) => id)
    })
  }

  contentHashes(collection: string, ids: readonly string[]): Promise<Map<string, string | null>> {
    return this.#accept(() => {
      for (const id of ids) checkItemId(id)
      return this.#collections.find(collection).thread.call('contentHashes', ids)
    })
  }

  keptOf(collection: string, ids: readonly string[]): Promise<Map<string, KeptPlaces>> {
    return this.#accept(() => {
      for (const id of ids) checkItemId(id)
      return this.#collections.find(collection).thread.call('keptOf', ids)
    })
  }

  embeddingsByContent(collection: string, hashes: readonly string[]): Promise<Map<string, Float32Array>> {
    return this.#accept(() => {
      for (const hash of hashes) checkContentHash(hash)
      return this.#collections.find(collection).thread.call('embeddingsByContent', hashes)
    })
  }

  facets(collection: string, request: FacetRequest): Promise<Facets> {
    return this.#accept(() => {
      const { field, filter, limit } = request
      checkWhole('limit', limit, 1, largestPage)
      const parsed = filter === undefined ? null : parseFilter(filter)
      return this.#collections.find(collection).thread.call('facets', field, parsed, limit)
    })
  }

  findDuplicates(collection: string, query: DuplicatesQuery): Promise<DuplicateGroup[]> {
    return this.#accept(async () => {
      const { thread } = this.#collections.find(collection)
      try {
        return await findDuplicates(thread, query)
      } catch (error) {
        // Replaced between two of its calls: what has the name now is looked through instead.
        if (thread.closed) return this.findDuplicates(collection, query)
        throw error
      }
    })
  }

  search(collection: string, query: SearchQuery): Promise<SearchAnswer> {
    return this.#accept(async () => {
      const { uid, model, dimensions, thread } = this.#collections.find(collection)
      if (query.model !== undefined && query.model !== model) {
        throw mismatch(`The query was embedded by ${query.model}`, collection, model)
      }
      const nearest = toNearestQuery(query, dimensions)
      const scope = { search: scopeOf(uid, nearest), embedding: nearest.embedding }
      const { next, ...answer } = await thread.call('search', {
        ...nearest,
        ...(query.cursor !== undefined && { position: decodeSearchCursor(scope, query.cursor) }),
      })
      return { ...answer, nextCursor: next === null ? null : encodeSearchCursor(scope, next) }
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish()
    return this.#closing
  }

  async #finish(): Promise<void> {
    await this.#turns.idle()
    try {
      await this.#collections.close()
    } finally {
      this.#registry.close()
    }
  }

  /** Runs a call unless the store is closed; what it throws becomes a rejection. */
  async #accept<T>(work: () => T | Promise<T>): Promise<T> {
    this.#refuseWhenClosed()
    return work()
  }

  /**
   * Runs what changes the folders of a collection when no other such change of it is under way, so that a folder is
   * neither removed nor opened again while it is being closed.
   *
   * @param name of a collection, there or not, or an alias
   * @param work is given the collection's own name
   */
  #inTurn<T>(name: string, work: (own: string) => T | Promise<T>): Promise<T> {
    return this.#accept(() => {
      const own = this.#registry.find(name)?.name ?? name
      return this.#turns.run(own, () => this.#accept(() => work(own)))
    })
  }

  #inTurnOfExisting<T>(name: string, work: (entry: RegistryEntry) => T | Promise<T>): Promise<T> {
    return this.#inTurn(name, (own) => work(this.#collections.entryOf(own)))
  }

  /** Runs a write when the collection takes writes, which may then be another of the name. */
  async #write<T>(name: string, work: (collection: OpenCollection) => T | Promise<T>): Promise<T> {
    this.#refuseWhenClosed()
    const open = this.#collections.find(name)
    const held = this.#collections.heldUntil(open.uid)
    return held === undefined ? work(open) : held.then(() => this.#write(name, work))
  }

  #refuseWhenClosed(): void {
    if (this.#closing !== null) throw new KindredError('STORE_CLOSED', 'The store is closed')
  }
}

function toPage<T>(items: readonly T[], more: boolean, scope: string, keyOf: (item: T) => string): Page<T> {
  const last = items.at(-1)
  return { items, nextCursor: more && last !== undefined ? encodeCursor(scope, keyOf(last)) : null }
}

function mismatch(what: string, collection: string, model: string | null): KindredError {
  const has = model === null ? 'takes ready-made embeddings only' : `has ${model}`
  return new KindredError('MODEL_MISMATCH', `${what}, the collection ${collection} ${has}`)
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url')
