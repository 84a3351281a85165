import type { Readable } from 'node:stream'
import type { Collection } from './collection.js'

/** A collection as it was at one moment, in one file that can move between machines. */
export interface Snapshot {
  /** Of its collection: 1 to 128 letters, digits, `.`, `_` and `-`, the first a letter or digit. */
  readonly name: string
  readonly collection: string
  /** RFC 3339, UTC. */
  readonly createdAt: string
  /** Of the whole file. */
  readonly bytes: number
  readonly model: string | null
  readonly dimensions: number
  readonly counts: Collection['counts']
  /** Time of the newest write that is in it. */
  readonly indexedAt: string | null
}

/** Snapshots of a store's collections. They outlive their collection, so that a deleted one can come back. */
export interface SnapshotStore {
  /**
   * Takes a snapshot while writes and searches go on: it holds every write acknowledged before the call, and no half of
   * one.
   *
   * @param name the time where absent
   * @throws KindredError COLLECTION_NOT_FOUND, SNAPSHOT_EXISTS, INVALID_ARGUMENT
   */
  create(collection: string, name?: string): Promise<Snapshot>
  /** Oldest first. */
  list(collection: string): Promise<Snapshot[]>
  /** @throws KindredError SNAPSHOT_NOT_FOUND; SNAPSHOT_INVALID where its file is damaged at its head */
  get(collection: string, name: string): Promise<Snapshot>
  /** The file itself. @throws KindredError SNAPSHOT_NOT_FOUND */
  read(collection: string, name: string): Promise<{ snapshot: Snapshot; content: Readable }>
  /**
   * Takes in a file that `read` gave, here or on another machine.
   *
   * @throws KindredError SNAPSHOT_INVALID when it is no snapshot, or damaged; SNAPSHOT_EXISTS
   */
  add(collection: string, name: string, content: Readable): Promise<Snapshot>
  /** @throws KindredError SNAPSHOT_NOT_FOUND */
  remove(collection: string, name: string): Promise<void>
  /**
   * Puts a snapshot in the place of a collection, or makes a new one of it. The snapshot is unpacked beside, checked as a
   * whole and asked for embeddings of its own; only then does it take the name. What had the name is kept for `rollBack`.
   *
   * @param into the collection itself where absent
   * @throws KindredError SNAPSHOT_NOT_FOUND; SNAPSHOT_INVALID, STORE_TOO_NEW: the collection stays as it is
   */
  restore(collection: string, name: string, into?: string): Promise<Collection>
}
