import type { Collection, CollectionPatch, CollectionSize, CollectionSpec } from './collection.js'
import type { Filter, Scalar } from './filter/filter.js'
import type {
  Item,
  ItemPatch,
  KeptItem,
  KeptPlaces,
  Metadata,
  NewItem,
  PutResult,
  VersionedItem,
} from './item.js'
import type { ItemCondition } from './item-condition.js'
import type { SnapshotStore } from './snapshot-store.js'
import type { SuccessorStore } from './successor-store.js'

/**
 * Where collections of embedded items live. Asynchronous, ids are strings and cursors are opaque, so that a
 * store on one machine and a distributed one fit behind the same port.
 */
export interface CollectionStore {
  readonly snapshots: SnapshotStore
  readonly successors: SuccessorStore

  /** Collections in the order of their names. */
  listCollections(page: PageRequest): Promise<Page<Collection>>
  /**
   * Makes a collection, or answers with the existing one when it was made with the same model and dimensions.
   * @throws KindredError COLLECTION_EXISTS when it exists with another model or other dimensions
   */
  createCollection(name: string, spec: CollectionSpec): Promise<{ collection: Collection; created: boolean }>
  /** @throws KindredError COLLECTION_NOT_FOUND */
  getCollection(name: string): Promise<Collection>
  /** The name of the collection that this names, which may be an alias, and nothing more. @throws KindredError COLLECTION_NOT_FOUND */
  nameOf(name: string): Promise<string>
  /** How large the collection is for its machine. @throws KindredError COLLECTION_NOT_FOUND */
  sizeOf(name: string): Promise<CollectionSize>
  /**
   * Changes settings; what is being made ready to take the collection's place changes, too.
   *
   * @throws KindredError COLLECTION_NOT_FOUND, INVALID_ARGUMENT, INVALID_METADATA; SETTING_FIXED for a field of another type
   */
  patchCollection(name: string, patch: CollectionPatch): Promise<Collection>
  /**
   * Removes the collection and all its items.
   *
   * @throws KindredError COLLECTION_NOT_FOUND; NAME_IS_ALIAS, since an alias is easily taken for what it stands for
   */
  deleteCollection(name: string): Promise<void>
  /**
   * Puts back what a restore or a change of model replaced; what is replaced now is kept in its turn.
   * @throws KindredError COLLECTION_NOT_FOUND, PREVIOUS_NOT_FOUND
   */
  rollBack(name: string): Promise<Collection>
  /** Whether there is something to roll back to; there is not where there is no such collection. */
  hasPrevious(name: string): Promise<boolean>
  /** Removes what is kept to roll back to, if there is any. @throws KindredError COLLECTION_NOT_FOUND */
  dropPrevious(name: string): Promise<void>

  /** Aliases in the order of their names. An alias stands wherever the name of its collection does. */
  listAliases(): Promise<Alias[]>
  /**
   * Makes an alias, or points it at another collection, at once.
   * @throws KindredError COLLECTION_NOT_FOUND; NAME_TAKEN by a collection
   */
  setAlias(name: string, collection: string): Promise<void>
  /** @throws KindredError ALIAS_NOT_FOUND */
  removeAlias(name: string): Promise<void>

  /**
   * Writes items in one transaction, all or none. When it resolves they are on disk and every search that
   * starts afterwards sees them.
   *
   * @param options.model the collection's when the embeddings were made; refused where the collection has another by now
   * @param options.condition of each of the items
   * @returns for each item, in order, the item and whether its id was new
   * @throws KindredError COLLECTION_NOT_FOUND, INVALID_ARGUMENT, INVALID_EMBEDDING, INVALID_METADATA, MODEL_MISMATCH,
   * PRECONDITION_FAILED
   */
  putItems(
    collection: string,
    items: readonly NewItem[],
    options?: { readonly model?: string; readonly condition?: ItemCondition },
  ): Promise<PutResult[]>
  /** @throws KindredError COLLECTION_NOT_FOUND, ITEM_NOT_FOUND */
  getItem(collection: string, id: string): Promise<VersionedItem>
  /** The embedding of an item, unit length. @throws KindredError COLLECTION_NOT_FOUND, ITEM_NOT_FOUND */
  getEmbedding(collection: string, id: string): Promise<Float32Array>
  /** What is kept of an item's picture. @throws KindredError COLLECTION_NOT_FOUND, ITEM_NOT_FOUND */
  getKept(collection: string, id: string): Promise<KeptItem>
  /**
   * Merges metadata (RFC 7396) and replaces the group where given; the embedding stays.
   *
   * @throws KindredError COLLECTION_NOT_FOUND, ITEM_NOT_FOUND, INVALID_METADATA, PRECONDITION_FAILED
   */
  patchItem(
    collection: string,
    id: string,
    patch: ItemPatch,
    condition?: ItemCondition,
  ): Promise<VersionedItem>
  /**
   * Deletes the items that exist among `ids`, all or none.
   *
   * @param condition of each of those that exist
   * @returns how many there were
   * @throws KindredError COLLECTION_NOT_FOUND, PRECONDITION_FAILED
   */
  deleteItems(collection: string, ids: readonly string[], condition?: ItemCondition): Promise<number>
  /**
   * Deletes every item that matches, in steps that searches can come between. A write that makes an item match meanwhile
   * may lose it.
   *
   * @returns how many there were
   * @throws KindredError INVALID_FILTER; the signal's reason
   */
  deleteMatching(collection: string, filter: Filter, options?: DeleteOptions): Promise<number>
  /** Items in a stable order (by id, code point order). @throws KindredError INVALID_CURSOR, INVALID_FILTER */
  listItems(collection: string, page: ItemPageRequest): Promise<Page<Item>>
  /**
   * Content hashes of those among `ids` that exist, so that unchanged pictures need no embedding; null also where the
   * embedding was made from a thumbnail, since the picture itself makes a better one.
   */
  contentHashes(collection: string, ids: readonly string[]): Promise<Map<string, string | null>>
  /** What is kept of the pictures of those among `ids` that exist, without the pictures themselves. */
  keptOf(collection: string, ids: readonly string[]): Promise<Map<string, KeptPlaces>>
  /**
   * Embeddings, by content hash, of those hashes that some item has: the same bytes need no second embedding. None that was
   * made from a thumbnail.
   */
  embeddingsByContent(collection: string, hashes: readonly string[]): Promise<Map<string, Float32Array>>

  /** How many items have each value of a metadata field. @throws KindredError INVALID_FILTER, INVALID_ARGUMENT */
  facets(collection: string, request: FacetRequest): Promise<Facets>
  /**
   * Groups of items whose embeddings are alike, each to at least one other of its group: the largest group first, in each
   * the items by id. Searches can come between; what is written meanwhile may be missed. Where the collection is so large
   * that searches walk a graph, this does, and may miss some.
   *
   * @throws KindredError COLLECTION_NOT_FOUND, TOO_MANY_DUPLICATES; the signal's reason
   */
  findDuplicates(collection: string, query: DuplicatesQuery): Promise<DuplicateGroup[]>
  /**
   * The items nearest to an embedding by cosine similarity, best first, ties by id; `rerank` and `diversity` order them
   * otherwise.
   *
   * @throws KindredError COLLECTION_NOT_FOUND, INVALID_ARGUMENT, INVALID_EMBEDDING, INVALID_FILTER, MODEL_MISMATCH;
   * INVALID_CURSOR for a cursor of another search, CURSOR_GONE where items were written since the page before
   */
  search(collection: string, query: SearchQuery): Promise<SearchAnswer>

  /** Finishes what was accepted and releases files and workers. */
  close(): Promise<void>
}

export interface Alias {
  readonly name: string
  readonly collection: string
}

export interface PageRequest {
  /** Opaque; absent for the first page. */
  readonly cursor?: string
  readonly limit: number
}

export interface ItemPageRequest extends PageRequest {
  readonly filter?: Filter
}

export interface Page<T> {
  readonly items: readonly T[]
  /** null on the last page. */
  readonly nextCursor: string | null
}

export interface SearchQuery {
  /** `dimensions` finite numbers, not all zero. */
  readonly embedding: Float32Array
  /** How many results at most. */
  readonly k: number
  /** Scan everything instead of walking the graph. */
  readonly exact?: boolean
  /** Breadth of the graph search; more is slower and finds more. */
  readonly ef?: number
  /** Items left out of the answer: what the query was made from in a "more like this". */
  readonly excludeIds?: readonly string[]
  /** The model that made the embedding; refused with MODEL_MISMATCH when the collection has another. */
  readonly model?: string
  /** Only items that match are answered; there are `k` of them where so many match. */
  readonly filter?: Filter
  /** Leaves out what scores lower. */
  readonly minScore?: number
  /** `group`, or a metadata field: `k` counts groups then. Items without one stand alone. */
  readonly groupBy?: string
  /** Items of a group that are answered at most; 3 where absent. */
  readonly groupSize?: number
  /**
   * Results (items, or with `groupBy` groups by their best item) whose cosine to a better one is above this, 0 to 1, are left
   * out in its favour. This, `rerank` and `diversity` work in this order on the `candidates` nearest results, and what they
   * leave of those is all that the pages of the answer hold.
   */
  readonly collapse?: number
  /** Another order than by score; scores stay what they are. */
  readonly rerank?: Rerank
  /** How much results shall differ from each other: 0 (not at all) to 1 (more than they answer the query). */
  readonly diversity?: number
  /** Results that `collapse`, `rerank` and `diversity` choose from, not fewer than `k`; 200 where absent. */
  readonly candidates?: number
  /** Whether hits come with their embeddings. */
  readonly withEmbeddings?: boolean
  /** The `nextCursor` of an answer to the same query: goes on after it. */
  readonly cursor?: string
}

/**
 * By cosine to the query and its nearest neighbours together (alpha query expansion), or by how much the neighbourhoods of
 * item and query have in common (k-reciprocal encoding).
 */
export type Rerank = 'query-expansion' | 'k-reciprocal'

export interface Hit {
  readonly id: string
  /** Cosine similarity to the query, -1 to 1. */
  readonly score: number
  readonly group: string | null
  readonly metadata: Metadata
  /** Unit length; with `withEmbeddings`. */
  readonly embedding?: Float32Array
  /** Results left out in its favour; of `hits`, with `collapse`. */
  readonly collapsed?: number
}

export interface HitGroup {
  /** What its items have in common; null for an item that stands alone. */
  readonly group: Scalar | null
  /** The best of them, at least one, best first. */
  readonly items: readonly Hit[]
}

/** By a search graph or by comparing with every embedding, of all or of those that match the filter. */
export type SearchPlan = 'graph' | 'scan' | 'filtered-graph' | 'filtered-scan'

export interface SearchAnswer {
  /** With `groupBy` the best item of each group. */
  readonly hits: readonly Hit[]
  /** The groups of `hits`, in the same order; null without `groupBy`. */
  readonly groups: readonly HitGroup[] | null
  /** Items that match the filter. */
  readonly total: number
  /** Whether everything that could be answered was compared. */
  readonly exact: boolean
  readonly plan: SearchPlan
  /** null where there is nothing more. */
  readonly nextCursor: string | null
  /** Time of the newest write that this answer could see. */
  readonly indexedAt: string | null
}

export interface DeleteOptions {
  /** Whether the filter may say nothing about any field, and so delete all there is. */
  readonly all?: boolean
  /** Stops between two steps. */
  readonly signal?: AbortSignal
  /** Called after each step. @param count deleted so far */
  readonly onDeleted?: (count: number) => void
}

export interface DuplicatesQuery {
  /** Cosine similarity from which two items count as duplicates. */
  readonly threshold: number
  /** How many items may be in groups. */
  readonly most: number
  readonly signal?: AbortSignal
  /** Called as it goes on. @param items looked at so far */
  readonly onLooked?: (items: number) => void
}

export interface DuplicateGroup {
  /** Two at least, each with its cosine similarity to the nearest of the others. */
  readonly items: readonly { readonly id: string; readonly similarity: number }[]
}

export interface FacetRequest {
  /** A metadata field. */
  readonly field: string
  readonly filter?: Filter
  /** How many values at most. */
  readonly limit: number
}

export interface Facets {
  readonly field: string
  /** The most frequent first; an item with several values counts for each. Dates come as their instant in UTC. */
  readonly values: readonly { readonly value: Scalar; readonly count: number }[]
  /** Different values there are, shown or not. */
  readonly distinct: number
  /** Items that match the filter, with a value or without. */
  readonly total: number
}
