import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { KindredError } from '../../../errors.js'
import type { Collection } from '../../collection.js'
import { checkCollectionName, checkSnapshotName } from '../../names.js'
import type { Snapshot, SnapshotStore } from '../../snapshot-store.js'
import { publishFile, syncToDisk } from '../durable-files.js'
import type { Tuning } from '../tuning.js'
import { runSnapshotTask } from './run-snapshot-task.js'
import { readSnapshotManifest } from './snapshot-archive.js'

const extension = '.tar'

/** What the shelf asks of the store that has it. */
export interface SnapshotHost {
  readonly tuning: Tuning
  /**
   * Keeps the folder of a collection while `work` reads it.
   *
   * @param work is given the name, behind an alias, and the folder
   * @throws KindredError COLLECTION_NOT_FOUND, STORE_CLOSED
   */
  use<T>(
    collection: string,
    work: (found: { readonly name: string; readonly folder: string }) => Promise<T>,
  ): Promise<T>
  /** A new folder for a collection that has no name yet; a kill leaves nothing behind that the next opening would keep. */
  makeFolder(): Promise<{ readonly uid: string; readonly folder: string }>
  /** Gives a checked folder the name of a collection, new or not. */
  install(collection: string, uid: string): Promise<Collection>
  dropFolder(uid: string): Promise<void>
}

/** The snapshots of a store: `snapshots/COLLECTION/NAME.tar`. A file has its name once it is whole and on disk. */
export class SnapshotShelf implements SnapshotStore {
  readonly #root: string
  readonly #host: SnapshotHost
  /** Files that are being made: their names are taken, though nothing has them yet. */
  readonly #underWay = new Set<string>()

  /** @param store the store's folder */
  constructor(store: string, host: SnapshotHost) {
    this.#root = path.join(store, 'snapshots')
    this.#host = host
  }

  /** Removes what a kill left half done. */
  async sweep(): Promise<void> {
    await rm(this.#staging, { recursive: true, force: true })
  }

  async create(collection: string, name?: string): Promise<Snapshot> {
    return this.#host.use(collection, ({ name: ofCollection, folder }) => {
      const createdAt = new Date().toISOString()
      const ownName = name ?? this.#freeName(ofCollection, createdAt.replaceAll(/[-:]|\.\d+/g, ''))
      return this.#make(ofCollection, ownName, (staging, target) =>
        runSnapshotTask({ kind: 'take', folder, staging, collection: ofCollection, createdAt, target }),
      )
    })
  }

  async list(collection: string): Promise<Snapshot[]> {
    const folder = this.#folderOf(collection)
    if (!existsSync(folder)) return []
    const names = (await readdir(folder)).filter((name) => name.endsWith(extension))
    const snapshots = await Promise.all(names.map((name) => describe(path.join(folder, name))))
    return snapshots.sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.name.localeCompare(b.name))
  }

  async get(collection: string, name: string): Promise<Snapshot> {
    return describe(this.#existing(collection, name))
  }

  async read(collection: string, name: string): Promise<{ snapshot: Snapshot; content: Readable }> {
    const file = this.#existing(collection, name)
    return { snapshot: await describe(file), content: createReadStream(file) }
  }

  async add(collection: string, name: string, content: Readable): Promise<Snapshot> {
    return this.#make(collection, name, async (staging, target) => {
      const received = path.join(staging, 'received.tar')
      await pipeline(content, createWriteStream(received))
      await runSnapshotTask({ kind: 'check', file: received })
      publishFile(received, target)
    })
  }

  async remove(collection: string, name: string): Promise<void> {
    const file = this.#existing(collection, name)
    await rm(file)
    syncToDisk(path.dirname(file))
  }

  async restore(collection: string, name: string, into = collection): Promise<Collection> {
    checkCollectionName(into)
    const file = this.#existing(collection, name)
    const { uid, folder } = await this.#host.makeFolder()
    try {
      await runSnapshotTask({ kind: 'restore', file, folder, tuning: this.#host.tuning })
      return await this.#host.install(into, uid)
    } catch (error) {
      await this.#host.dropFolder(uid)
      throw error
    }
  }

  get #staging(): string {
    return path.join(this.#root, '.staging')
  }

  async #inStaging(work: (folder: string) => Promise<void>): Promise<void> {
    const folder = path.join(this.#staging, randomUUID())
    await mkdir(folder, { recursive: true })
    try {
      await work(folder)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  #folderOf(collection: string): string {
    checkCollectionName(collection)
    return path.join(this.#root, collection)
  }

  #fileOf(collection: string, name: string): string {
    checkSnapshotName(name)
    return path.join(this.#folderOf(collection), `${name}${extension}`)
  }

  /** Whoever leaves the name to the store gets one that nothing has: several may be asked for in a second. */
  #freeName(collection: string, time: string): string {
    let name = time
    for (let n = 2; this.#isTaken(this.#fileOf(collection, name)); n++) name = `${time}-${n}`
    return name
  }

  #isTaken(target: string): boolean {
    return this.#underWay.has(target) || existsSync(target)
  }

  /** Makes a snapshot whose name is taken from the start. @throws KindredError SNAPSHOT_EXISTS, also while it is made */
  async #make(
    collection: string,
    name: string,
    work: (staging: string, target: string) => Promise<void>,
  ): Promise<Snapshot> {
    const target = this.#fileOf(collection, name)
    if (this.#isTaken(target)) {
      throw new KindredError('SNAPSHOT_EXISTS', `${collection} has a snapshot ${name} already`)
    }
    this.#underWay.add(target)
    try {
      await mkdir(path.dirname(target), { recursive: true })
      await this.#inStaging((staging) => work(staging, target))
      return await describe(target)
    } finally {
      this.#underWay.delete(target)
    }
  }

  #existing(collection: string, name: string): string {
    const file = this.#fileOf(collection, name)
    if (existsSync(file)) return file
    throw new KindredError('SNAPSHOT_NOT_FOUND', `${collection} has no snapshot ${name}`)
  }
}

async function describe(file: string): Promise<Snapshot> {
  const { createdAt, model, dimensions, counts, indexedAt } = await readSnapshotManifest(file)
  const { size: bytes } = await stat(file)
  // The file may have been brought under another name, or from another collection.
  const collection = path.basename(path.dirname(file))
  const name = path.basename(file, extension)
  return { name, collection, createdAt, bytes, model, dimensions, counts, indexedAt }
}
