import { existsSync, mkdirSync } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Collection } from '../collection.js'
import type { FullSpec } from '../collection-spec.js'
import { readRecord, writeSpec } from './collection-record.js'
import { syncToDisk } from './durable-files.js'
import { itemsSchema } from './items-schema.js'
import { openDatabase, openForReading, type Database } from './versioned-database.js'

/** Names that creations give: anything else in `collections` is not ours to remove. */
const uidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Collections whose record can be read without opening their database. */
const mostConnections = 100

/** The folders of a store: `collections/UID` holds items.db and the saved graph of one collection. */
export class CollectionFolders {
  readonly #root: string
  readonly #connections = new Map<string, Database>()
  /** By uid: works that read a folder's files themselves. */
  readonly #uses = new Map<string, Set<Promise<unknown>>>()

  /** @param store the store's folder; touches nothing */
  constructor(store: string) {
    this.#root = path.join(store, 'collections')
  }

  /** @param store the store's folder, made where it does not exist */
  static async open(store: string): Promise<CollectionFolders> {
    const folders = new CollectionFolders(store)
    await mkdir(folders.#root, { recursive: true })
    return folders
  }

  /** Of the files in a folder, which may come and go meanwhile. */
  async bytesOf(uid: string): Promise<number> {
    const folder = this.pathOf(uid)
    const sizes = (await readdir(folder)).map((name) =>
      stat(path.join(folder, name)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    )
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  }

  pathOf(uid: string): string {
    return path.join(this.#root, uid)
  }

  /** Makes the folder of a collection; it is on disk before this returns, so that the registry may name it. */
  create(uid: string, spec: FullSpec): void {
    const folder = this.pathOf(uid)
    mkdirSync(folder)
    const database = openDatabase(path.join(folder, 'items.db'), itemsSchema, { create: true })
    try {
      database.transaction(() => {
        writeSpec(database, spec)
      })()
    } finally {
      database.close()
    }
    syncToDisk(folder)
    syncToDisk(this.#root)
  }

  /** Makes an empty folder for a collection to come. */
  async make(uid: string): Promise<{ uid: string; folder: string }> {
    const folder = this.pathOf(uid)
    await mkdir(folder)
    syncToDisk(this.#root)
    return { uid, folder }
  }

  /** Reads settings, fields and counts, beside the thread that may be writing. @throws KindredError STORE_CORRUPT */
  read(uid: string): Omit<Collection, 'name'> {
    return readRecord(this.#connectionTo(uid))
  }

  /** Every search reads its collection's record, and opening a database takes longer than a search. */
  #connectionTo(uid: string): Database {
    const known = this.#connections.get(uid)
    const database = known ?? openForReading(path.join(this.pathOf(uid), 'items.db'), itemsSchema)
    // The one used last comes last.
    this.#connections.delete(uid)
    this.#connections.set(uid, database)
    const [oldest] = this.#connections.keys()
    if (this.#connections.size > mostConnections && oldest !== undefined) this.#disconnect(oldest)
    return database
  }

  #disconnect(uid: string): void {
    this.#connections.get(uid)?.close()
    this.#connections.delete(uid)
  }

  close(): void {
    for (const uid of [...this.#connections.keys()]) this.#disconnect(uid)
  }

  /** Keeps a folder, which may lose its name meanwhile, while `work` reads its files. */
  async use<T>(uid: string, work: (folder: string) => Promise<T>): Promise<T> {
    const uses = this.#uses.get(uid) ?? new Set()
    this.#uses.set(uid, uses)
    const use = work(this.pathOf(uid))
    uses.add(use)
    try {
      return await use
    } finally {
      uses.delete(use)
      if (uses.size === 0) this.#uses.delete(uid)
    }
  }

  async remove(uid: string): Promise<void> {
    await Promise.allSettled([...(this.#uses.get(uid) ?? [])])
    this.#disconnect(uid)
    await rm(this.pathOf(uid), { recursive: true, force: true })
  }

  /** Whether there is a collection here, whatever the registry says. */
  async holdCollections(): Promise<boolean> {
    return (await this.uids()).some((uid) => existsSync(path.join(this.pathOf(uid), 'items.db')))
  }

  /**
   * Removes folders that no collection has: what a kill during a creation or a deletion left.
   *
   * @param known all collections of a registry that was there before
   * @returns the names of what was removed
   */
  async sweep(known: ReadonlySet<string>): Promise<string[]> {
    const leftovers = (await this.uids()).filter((uid) => !known.has(uid))
    for (const uid of leftovers) await this.remove(uid)
    return leftovers
  }

  /** Folders of collections, named or not. */
  async uids(): Promise<string[]> {
    if (!existsSync(this.#root)) return []
    return (await readdir(this.#root)).filter((name) => uidPattern.test(name))
  }
}
