import type { Collection } from './collection.js'
import type { NewItem } from './item.js'

/** Changes of model: what takes the place of a collection is filled beside it, while the collection is used. */
export interface SuccessorStore {
  /**
   * Begins the successor of a collection, with its fields, graph settings and keeping of pictures but another model, or
   * goes on with the one that was begun. One of yet another model goes. From now on it learns which items change.
   *
   * @throws KindredError COLLECTION_NOT_FOUND, INVALID_ARGUMENT where the collection has this model already
   */
  begin(
    collection: string,
    space: { readonly model: string; readonly dimensions: number },
  ): Promise<Successor>
  /** Removes what was begun. @returns whether anything was @throws KindredError COLLECTION_NOT_FOUND */
  abandon(collection: string): Promise<boolean>
}

/** An item of the collection that was put, patched or deleted since the successor was begun. */
export interface ItemChange {
  readonly id: string
  /** Of its changes the newest. */
  readonly change: number
}

/** Every method throws KindredError SUCCESSOR_GONE once it was abandoned or the collection replaced. */
export interface Successor {
  /** Its own: that of one begun later for the same collection differs. */
  readonly id: string
  /** Items that it has. */
  count(): Promise<number>
  /** As `CollectionStore.contentHashes`. */
  contentHashes(ids: readonly string[]): Promise<Map<string, string | null>>
  /** @throws KindredError ITEM_NOT_FOUND */
  getEmbedding(id: string): Promise<Float32Array>
  putItems(items: readonly NewItem[]): Promise<void>
  deleteItems(ids: readonly string[]): Promise<void>
  /** Items of the collection that have changed, in no order. */
  changes(limit: number): Promise<readonly ItemChange[]>
  /** Forgets changes that the successor has, unless the items have changed again. */
  settleChanges(changes: readonly ItemChange[]): Promise<void>
  /**
   * Takes the place of the collection, which is kept to roll back to. Writes to the collection wait while `finish` brings
   * over what is left to bring; where it throws, everything stays as it is.
   */
  install(finish: () => Promise<void>): Promise<Collection>
}
