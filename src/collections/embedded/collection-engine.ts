import path from 'node:path'
import type { CollectionPatch } from '../collection.js'
import type { Facets } from '../collection-store.js'
import type { Item, ItemPatch, KeptItem, KeptPlaces, VersionedItem } from '../item.js'
import type { FilterNode } from '../filter/filter.js'
import type { ItemCondition } from '../item-condition.js'
import type { ItemChange } from '../successor-store.js'
import { ChangedItems } from './changed-items.js'
import type { CollectionCalls, FoundItems, NearestQuery, PutOutcome, PutRow } from './collection-calls.js'
import { readRecord } from './collection-record.js'
import { nearLinks, type FoundLinks } from './duplicates/near-links.js'
import { EmbeddingIndex } from './embedding-index.js'
import { EmbeddingTable } from './embedding-table.js'
import { compileFilter } from './filter/compile-filter.js'
import { countValues } from './filter/count-values.js'
import { MatchingItems } from './filter/matching-items.js'
import { largestLabel } from './hnsw-graph.js'
import { ItemRows, type FoundItem } from './item-rows.js'
import { ItemWriter, notFound, type EmbeddingChange } from './item-writer.js'
import { itemsSchema } from './items-schema.js'
import { PictureRows } from './pictures/picture-rows.js'
import { ItemSearch } from './search/item-search.js'
import { SnapshotKeeper, type Log } from './snapshot-keeper.js'
import type { Tuning } from './tuning.js'
import { openDatabase, storeErrors, type Database } from './versioned-database.js'

type Settings = Pick<ReturnType<typeof readRecord>, 'dimensions' | 'hnsw'>

/**
 * One collection: its database and the index derived from it. Everything is synchronous and in one thread, so a search
 * sees every write before it and no half of one. Runs in a worker thread (collection.worker.ts), never in the server's.
 */
export class CollectionEngine implements CollectionCalls {
  readonly #database: Database
  readonly #rows: ItemRows
  readonly #writer: ItemWriter
  readonly #pictures: PictureRows
  readonly #changed: ChangedItems
  readonly #matching: MatchingItems
  readonly #search: ItemSearch
  readonly #snapshots: SnapshotKeeper
  #settings: Settings
  readonly #tuning: Tuning
  readonly #log: Log
  readonly #wake: () => void
  #index: EmbeddingIndex

  /**
   * @param wake called when `unfinished` has become true by itself
   * @throws KindredError STORE_CORRUPT, STORE_TOO_NEW, STORE_FAILED
   */
  constructor(folder: string, tuning: Tuning, log: Log, wake: () => void = () => undefined) {
    this.#wake = wake
    this.#tuning = tuning
    this.#log = log
    this.#database = openDatabase(path.join(folder, 'items.db'), itemsSchema)
    this.#settings = readRecord(this.#database)
    this.#rows = new ItemRows(this.#database, this.#settings.dimensions)
    this.#writer = new ItemWriter(this.#database, this.#rows)
    this.#pictures = new PictureRows(this.#database)
    this.#changed = new ChangedItems(this.#database)
    this.#matching = new MatchingItems(this.#database)
    this.#search = new ItemSearch(this.#database, this.#rows, this.#matching)
    const { dimensions, hnsw } = this.#settings
    this.#snapshots = new SnapshotKeeper(folder, { dimensions, ...hnsw }, this.#database, log)
    this.#index = storeErrors("the collection's embeddings", () => this.#openIndex())
  }

  putItems(rows: readonly PutRow[], embeddings: Float32Array, condition?: ItemCondition): PutOutcome {
    if (this.#rows.lastLabel() + rows.length > largestLabel) this.#renumber()
    const { change, ...outcome } = this.#writer.put(rows, embeddings, condition)
    this.#follow(change)
    return outcome
  }

  getItem(id: string): VersionedItem {
    const { item, version } = this.#found(id)
    return { ...item, version }
  }

  getEmbedding(id: string): Float32Array {
    return this.#index.table.row(this.#found(id).label).slice()
  }

  getKept(id: string): KeptItem {
    const { item, path } = this.#found(id)
    const { contentHash } = item
    return { contentHash, path, picture: contentHash === null ? null : this.#pictures.find(contentHash) }
  }

  patchItem(id: string, patch: ItemPatch, condition?: ItemCondition): VersionedItem {
    return this.#writer.patch(id, patch, condition)
  }

  deleteItems(ids: readonly string[], condition?: ItemCondition): number {
    const { deleted, change } = this.#writer.delete(ids, condition)
    this.#follow(change)
    return deleted
  }

  patchSettings(patch: CollectionPatch): void {
    this.#writer.patchSettings(patch)
    this.#settings = readRecord(this.#database)
  }

  deleteMatching(filter: FilterNode, limit: number): number {
    return this.deleteItems(this.#rows.idsWhere(compileFilter(filter, this.#writer.fields), limit))
  }

  listItems(after: string | null, limit: number, filter: FilterNode | null = null): Item[] {
    return this.#rows.page(after, limit, filter && compileFilter(filter, this.#writer.fields))
  }

  contentHashes(ids: readonly string[]): Map<string, string | null> {
    return this.#rows.contentHashes(ids)
  }

  keptOf(ids: readonly string[]): Map<string, KeptPlaces> {
    return this.#pictures.places(ids)
  }

  embeddingsByContent(hashes: readonly string[]): Map<string, Float32Array> {
    const labels = [...this.#rows.labelsByContent(hashes)]
    return new Map(labels.map(([hash, label]) => [hash, this.#index.table.row(label).slice()]))
  }

  facets(field: string, filter: FilterNode | null, limit: number): Facets {
    const { fields } = this.#writer
    const condition = compileFilter(filter ?? { kind: 'and', of: [] }, fields)
    return countValues(this.#database, { field, type: fields.get(field), condition, limit })
  }

  search(query: NearestQuery): FoundItems & { readonly indexedAt: string | null } {
    const { fields, generation, indexedAt } = this.#writer
    const { items } = readRecord(this.#database).counts
    const state = { index: this.#index, fields, generation, items, ef: this.#settings.hnsw.ef }
    return { ...this.#search.answer(query, state), indexedAt }
  }

  noteChangesFor(successor: string | null): void {
    this.#changed.noteFor(successor)
  }

  changes(limit: number): ItemChange[] {
    return this.#changed.list(limit)
  }

  settleChanges(changes: readonly ItemChange[]): void {
    this.#changed.settle(changes)
  }

  nearLinks(after: number, threshold: number): FoundLinks {
    const deadline = performance.now() + this.#tuning.sliceMs
    const { ef } = this.#settings.hnsw
    return nearLinks(this.#database, this.#index, { after, threshold, ef, deadline })
  }

  idsOf(labels: readonly number[]): Map<number, string[]> {
    return new Map(labels.map((label) => [label, Array.from(this.#rows.itemsOf(label), ({ id }) => id)]))
  }

  graphPoints(): number {
    return this.#index.serving?.graph.nodes ?? 0
  }

  /** Whether there is work to do between calls. */
  get unfinished(): boolean {
    return this.#index.unfinished || this.#snapshots.unfinished || this.#snapshotIsDue()
  }

  /** Builds the graph for a slice of time, and saves it when it has changed enough. */
  work(): void {
    const { sliceMs } = this.#tuning
    if (this.#snapshotIsDue()) this.#beginSnapshot()
    if (this.#snapshots.unfinished) this.#snapshots.work(performance.now() + sliceMs, this.#wake)
    if (this.#index.unfinished) this.#index.build(sliceMs)
  }

  close(snapshot: boolean): void {
    this.#snapshots.finish()
    if (snapshot && (this.#index.serving?.changes ?? 0) > 0) {
      this.#beginSnapshot()
      this.#snapshots.finish()
    }
    this.#database.close()
  }

  #found(id: string): FoundItem {
    const found = this.#rows.find(id)
    if (found === null) throw notFound(id)
    return found
  }

  /** From the saved graph, and from the items what it lacks. */
  #openIndex(): EmbeddingIndex {
    const labels = new Set(this.#rows.labels())
    const saved = this.#snapshots.load({
      has: (label) => labels.has(label),
      row: (label) => this.#rows.embedding(label),
    })
    if (saved === null) return this.#readIndex()
    const { graph, table } = saved
    for (const label of labels) if (!table.has(label)) table.add(label, this.#rows.embedding(label))
    const index = this.#newIndex(table)
    index.adopt(graph)
    return index
  }

  /** From the items alone. */
  #readIndex(): EmbeddingIndex {
    const table = new EmbeddingTable(this.#settings.dimensions)
    for (const { label, embedding } of this.#rows.embeddings()) table.add(label, embedding)
    return this.#newIndex(table)
  }

  #newIndex(table: EmbeddingTable): EmbeddingIndex {
    const { dimensions, hnsw } = this.#settings
    return new EmbeddingIndex(table, { ...hnsw, dimensions }, this.#tuning)
  }

  #follow({ added, removed }: EmbeddingChange): void {
    for (const [label, embedding] of added) this.#index.add(label, embedding)
    for (const label of removed) this.#index.remove(label)
  }

  #snapshotIsDue(): boolean {
    const serving = this.#index.serving
    if (serving === null || this.#snapshots.saving) return false
    return serving.changes >= Math.max(this.#tuning.snapshotAfter, serving.graph.nodes / 2)
  }

  #beginSnapshot(): void {
    if (this.#index.serving !== null) this.#snapshots.begin(this.#index.serving)
  }

  /** Labels are used up, which takes four thousand million embeddings: they start again from 1. */
  #renumber(): void {
    this.#log('warn', 'The embeddings are numbered anew; the graph is rebuilt from the items', {})
    this.#snapshots.discard()
    storeErrors("the collection's embeddings", () => {
      this.#database.transaction(() => {
        this.#rows.renumber()
      })()
    })
    this.#matching.clear()
    this.#index = storeErrors("the collection's embeddings", () => this.#readIndex())
  }
}
