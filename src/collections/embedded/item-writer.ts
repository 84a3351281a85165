import { KindredError } from '../../errors.js'
import type { CollectionPatch, FieldType } from '../collection.js'
import type { Item, ItemPatch, VersionedItem } from '../item.js'
import { checkCondition, type ItemCondition } from '../item-condition.js'
import { checkMetadata, declareTypes, mergeMetadata, settleTypes } from '../metadata.js'
import type { PutOutcome, PutRow } from './collection-calls.js'
import { addFields, readFields, readRecord, readWrites, writeSettings } from './collection-record.js'
import { ItemValues } from './filter/item-values.js'
import { keptOf, versionOf, type ItemRows } from './item-rows.js'
import { PictureRows } from './pictures/picture-rows.js'
import { storeErrors, type Database } from './versioned-database.js'

/** What a committed write changed about the embeddings of the collection. */
export interface EmbeddingChange {
  readonly added: ReadonlyMap<number, Float32Array>
  readonly removed: readonly number[]
}

/** Changes items in transactions, all or nothing, and keeps field types and the time of the newest write. */
export class ItemWriter {
  readonly #database: Database
  readonly #rows: ItemRows
  readonly #values: ItemValues
  readonly #pictures: PictureRows
  readonly #dimensions: number
  #fields: Map<string, FieldType>
  #indexedAt: string | null
  #writes: number

  constructor(database: Database, rows: ItemRows) {
    this.#database = database
    this.#rows = rows
    this.#values = new ItemValues(database)
    this.#pictures = new PictureRows(database)
    const record = readRecord(database)
    this.#dimensions = record.dimensions
    this.#fields = readFields(database)
    this.#indexedAt = record.indexedAt
    this.#writes = readWrites(database)
  }

  /** Time of the newest write. */
  get indexedAt(): string | null {
    return this.#indexedAt
  }

  /** Types of all metadata fields so far. */
  get fields(): ReadonlyMap<string, FieldType> {
    return this.#fields
  }

  /** Names the state of the items: another after each write, also in another run of the program. */
  get generation(): string {
    return `${this.#writes} ${this.#indexedAt ?? ''}`
  }

  /** @throws KindredError INVALID_METADATA, PRECONDITION_FAILED */
  put(
    rows: readonly PutRow[],
    embeddings: Float32Array,
    condition: ItemCondition = {},
  ): PutOutcome & { change: EmbeddingChange } {
    const fields = new Map(this.#fields)
    for (const { id, metadata } of rows) settleTypes(fields, metadata, id)
    return this.#write(fields, (updatedAt, write) => {
      const added = new Map<number, Float32Array>()
      const left = new Set<number>()
      const outcomes = rows.map((row, index) => {
        const start = index * this.#dimensions
        const embedding = embeddings.subarray(start, start + this.#dimensions)
        const before = this.#rows.find(row.id)
        checkCondition(row.id, before?.version ?? null, condition)
        const { label, added: isNew } = this.#rows.labelFor(embedding)
        if (isNew) added.set(label, embedding)
        if (before !== null && before.label !== label) left.add(before.label)
        const { path = null, picture: given = null } = row
        const number = this.#rows.put({ ...row, updatedAt }, { label, path, write })
        this.#values.change(number, before?.item.metadata ?? {}, row.metadata, fields)
        const picture = this.#pictures.put(row.contentHash, given)
        return { created: before === null, kept: keptOf({ path, picture }) }
      })
      return { updatedAt, write, outcomes, change: { added, removed: this.#dropUnused(left) } }
    })
  }

  /** @throws KindredError ITEM_NOT_FOUND, INVALID_METADATA, PRECONDITION_FAILED */
  patch(id: string, patch: ItemPatch, condition: ItemCondition = {}): VersionedItem {
    const before = this.#rows.find(id)
    if (before === null) throw notFound(id)
    checkCondition(id, before.version, condition)
    const metadata = checkMetadata(mergeMetadata(before.item.metadata, patch.metadata ?? {}), id)
    const fields = new Map(this.#fields)
    settleTypes(fields, metadata, id)
    return this.#write(fields, (updatedAt, write) => {
      const group = patch.group === undefined ? before.item.group : patch.group
      const item: Item = { ...before.item, group, metadata, updatedAt }
      this.#rows.put(item, { label: before.label, path: before.path, write })
      this.#values.change(before.number, before.item.metadata, metadata, fields)
      return { ...item, version: versionOf(write, item) }
    })
  }

  /** @throws KindredError PRECONDITION_FAILED */
  delete(
    ids: readonly string[],
    condition: ItemCondition = {},
  ): { deleted: number; change: EmbeddingChange } {
    const found = [...new Set(ids)].flatMap((id) => this.#rows.find(id) ?? [])
    for (const { item, version } of found) checkCondition(item.id, version, condition)
    if (found.length === 0) return { deleted: 0, change: { added: new Map(), removed: [] } }
    return this.#write(this.#fields, () => {
      for (const { item, number } of found) {
        this.#values.change(number, item.metadata, {}, this.#fields)
        this.#rows.delete(item.id)
      }
      const removed = this.#dropUnused(new Set(found.map(({ label }) => label)))
      return { deleted: found.length, change: { added: new Map(), removed } }
    })
  }

  /** Changes settings and no item. @throws KindredError SETTING_FIXED, INVALID_METADATA */
  patchSettings({ fields: declared = {}, ...settings }: CollectionPatch): void {
    const fields = new Map(this.#fields)
    declareTypes(fields, declared)
    storeErrors("the collection's settings", () => {
      this.#database
        .transaction(() => {
          addFields(this.#database, fields, this.#fields)
          writeSettings(this.#database, settings)
        })
        .immediate()
    })
    this.#fields = fields
  }

  /** Runs `work` in a transaction that is on disk when this returns. */
  #write<T>(fields: Map<string, FieldType>, work: (time: string, write: number) => T): T {
    const time = this.#nextTime()
    const write = this.#writes + 1
    const result = storeErrors("the collection's items", () =>
      this.#database
        .transaction(() => {
          addFields(this.#database, fields, this.#fields)
          this.#database.prepare('UPDATE collection SET indexed_at = ?, writes = writes + 1').run(time)
          return work(time, write)
        })
        .immediate(),
    )
    this.#fields = fields
    this.#indexedAt = time
    this.#writes = write
    return result
  }

  #dropUnused(labels: Iterable<number>): number[] {
    return [...labels].filter((label) => this.#rows.dropIfUnused(label))
  }

  /** Now, or the newest write's time where the clock was set back. */
  #nextTime(): string {
    const now = new Date().toISOString()
    return this.#indexedAt !== null && this.#indexedAt > now ? this.#indexedAt : now
  }
}

export const notFound = (id: string): KindredError =>
  new KindredError('ITEM_NOT_FOUND', `There is no item ${JSON.stringify(id)} in the collection`)
