import { createReadStream } from 'node:fs'
import type { CollectionStore } from '../collections/collection-store.js'
import type { Snapshot, SnapshotStore } from '../collections/snapshot-store.js'

/** What `kindred snapshots` can do: to a store, or through a server. */
export interface SnapshotCommands
  extends Pick<SnapshotStore, 'create' | 'list' | 'read' | 'remove'>, Pick<CollectionStore, 'dropPrevious'> {
  /** Takes in a file that `read` gave. */
  addFile(collection: string, name: string, file: string): Promise<Snapshot>
  restore(...args: Parameters<SnapshotStore['restore']>): Promise<Restored>
  rollBack(collection: string): Promise<Restored>
}

/** What is told of a collection that was put back. */
interface Restored {
  readonly name: string
  readonly counts: { readonly items: number }
}

/** The same of a store in this process. */
export const snapshotsHere = (store: CollectionStore): SnapshotCommands => {
  const { snapshots } = store
  return {
    create: (...args) => snapshots.create(...args),
    list: (collection) => snapshots.list(collection),
    read: (...args) => snapshots.read(...args),
    remove: (...args) => snapshots.remove(...args),
    addFile: (collection, name, file) => snapshots.add(collection, name, createReadStream(file)),
    restore: (...args) => snapshots.restore(...args),
    rollBack: (collection) => store.rollBack(collection),
    dropPrevious: (collection) => store.dropPrevious(collection),
  }
}
