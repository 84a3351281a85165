import type { KeptPicture } from '../../images/picture-to-keep.js'
import type { NativeGuard } from '../../native-guard.js'
import type { CollectionPatch } from '../collection.js'
import type { Facets, SearchAnswer, SearchQuery } from '../collection-store.js'
import type { Item, ItemPatch, KeptItem, KeptPlaces, Metadata, VersionedItem } from '../item.js'
import type { FilterNode } from '../filter/filter.js'
import type { ItemCondition } from '../item-condition.js'
import type { SearchPosition } from '../search-cursor.js'
import type { ItemChange } from '../successor-store.js'
import type { FoundLinks } from './duplicates/near-links.js'
import type { ErrorMessage } from './error-message.js'
import type { Tuning } from './tuning.js'

export interface PutRow {
  readonly id: string
  readonly group: string | null
  readonly metadata: Metadata
  readonly contentHash: string | null
  readonly path?: string | null
  readonly picture?: KeptPicture | null
  readonly embeddedFrom?: 'thumbnail'
}

export interface PutOutcome {
  readonly updatedAt: string
  /** Which write of the collection it was. */
  readonly write: number
  /** For each row, in order. */
  readonly outcomes: readonly { readonly created: boolean; readonly kept: NonNullable<Item['kept']> }[]
}

export interface NearestQuery {
  /** Unit length. */
  readonly embedding: Float32Array
  readonly k: number
  readonly exact: boolean
  /** The collection's own where absent. */
  readonly ef?: number
  readonly excludeIds?: readonly string[]
  readonly filter?: FilterNode
  readonly minScore?: number
  /** By `group` or a metadata field, at most so many items of each. */
  readonly groups?: { readonly by: string; readonly size: number }
  readonly refinement?: Refinement
  readonly withEmbeddings?: boolean
  /** Where the page before ended. */
  readonly position?: SearchPosition
}

/** What is made of the nearest results; see SearchQuery. */
export interface Refinement extends Pick<SearchQuery, 'collapse' | 'rerank' | 'diversity'> {
  readonly candidates: number
}

/** What a search finds; `next` is where its page ends, null where it is the last. */
export type FoundItems = Omit<SearchAnswer, 'indexedAt' | 'nextCursor'> & {
  readonly next: SearchPosition | null
}

/** What the thread of a collection does for the store; CollectionEngine implements it. */
export interface CollectionCalls {
  /** @param embeddings one after the other, unit length, in the order of `rows` */
  putItems(rows: readonly PutRow[], embeddings: Float32Array, condition?: ItemCondition): PutOutcome
  getItem(id: string): VersionedItem
  getEmbedding(id: string): Float32Array
  getKept(id: string): KeptItem
  patchItem(id: string, patch: ItemPatch, condition?: ItemCondition): VersionedItem
  deleteItems(ids: readonly string[], condition?: ItemCondition): number
  patchSettings(patch: CollectionPatch): void
  /** Deletes `limit` items at most that match. @returns how many */
  deleteMatching(filter: FilterNode, limit: number): number
  /** @returns up to `limit` items that match, whose ids come after `after` */
  listItems(after: string | null, limit: number, filter: FilterNode | null): Item[]
  contentHashes(ids: readonly string[]): Map<string, string | null>
  keptOf(ids: readonly string[]): Map<string, KeptPlaces>
  embeddingsByContent(hashes: readonly string[]): Map<string, Float32Array>
  facets(field: string, filter: FilterNode | null, limit: number): Facets
  search(query: NearestQuery): FoundItems & { readonly indexedAt: string | null }
  /** Notes from now on which items change, for a successor; what was noted for another is forgotten. null: for none. */
  noteChangesFor(successor: string | null): void
  /** @returns up to `limit` items that have changed */
  changes(limit: number): ItemChange[]
  /** Forgets changes, unless the items have changed again. */
  settleChanges(changes: readonly ItemChange[]): void
  /** Embeddings that are alike, from a label on, in a slice of time. */
  nearLinks(after: number, threshold: number): FoundLinks
  /** Ids of the items that have these labels, in code point order. */
  idsOf(labels: readonly number[]): Map<number, string[]>
  /** Nodes of the graph that searches use, deleted ones included; 0 while there is none. */
  graphPoints(): number
  /** @param snapshot whether to save the graph; not for a collection that is about to be removed */
  close(snapshot: boolean): void
}

/** What the thread is started with. */
export interface CollectionWorkerData {
  readonly folder: string
  readonly tuning: Tuning
  readonly guard: NativeGuard
}

export type CallName = keyof CollectionCalls
/** A call on its way to the thread. */
export type CallMessage = {
  [Name in CallName]: {
    readonly call: number
    readonly name: Name
    readonly args: Parameters<CollectionCalls[Name]>
  }
}[CallName]

export type ThreadMessage =
  | { readonly kind: 'result'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly call: number; readonly error: ErrorMessage }
  /** The collection cannot be opened; the thread ends. */
  | { readonly kind: 'unopenable'; readonly error: ErrorMessage }
  | {
      readonly kind: 'log'
      readonly level: 'info' | 'warn'
      readonly message: string
      readonly details: object
    }
