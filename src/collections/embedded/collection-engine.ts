import path from 'node:path'
import type { Hit, Item, ItemPatch, SearchAnswer } from '../collection-store.js'
import type { CollectionCalls, NearestQuery, PutRow } from './collection-calls.js'
import { readRecord } from './collection-record.js'
import { EmbeddingIndex } from './embedding-index.js'
import { EmbeddingTable } from './embedding-table.js'
import { largestLabel } from './hnsw-graph.js'
import { ItemRows } from './item-rows.js'
import { ItemWriter, notFound, type EmbeddingChange } from './item-writer.js'
import { itemsSchema } from './items-schema.js'
import { rankItems } from './rank-items.js'
import { SnapshotKeeper, type Log } from './snapshot-keeper.js'
import type { Tuning } from './tuning.js'
import { openDatabase, storeErrors, type Database } from './versioned-database.js'

type Settings = Omit<ReturnType<typeof readRecord>, 'counts' | 'indexedAt' | 'fields'>

/**
 * One collection: its database and the index derived from it. Everything is synchronous and in one thread, so a search
 * sees every write before it and no half of one. Runs in a worker thread (collection.worker.ts), never in the server's.
 */
export class CollectionEngine implements CollectionCalls {
  readonly #database: Database
  readonly #rows: ItemRows
  readonly #writer: ItemWriter
  readonly #snapshots: SnapshotKeeper
  readonly #settings: Settings
  readonly #tuning: Tuning
  readonly #log: Log
  #index: EmbeddingIndex

  /** @throws KindredError STORE_CORRUPT, STORE_TOO_NEW, STORE_FAILED */
  constructor(folder: string, tuning: Tuning, log: Log) {
    this.#tuning = tuning
    this.#log = log
    this.#database = openDatabase(path.join(folder, 'items.db'), itemsSchema)
    this.#settings = readRecord(this.#database)
    this.#rows = new ItemRows(this.#database, this.#settings.dimensions)
    this.#writer = new ItemWriter(this.#database, this.#rows)
    const { dimensions, hnsw } = this.#settings
    this.#snapshots = new SnapshotKeeper(folder, { dimensions, ...hnsw }, this.#database, log)
    this.#index = this.#readIndex()
    const graph = this.#snapshots.load(this.#index.table)
    if (graph !== null) this.#index.adopt(graph)
  }

  putItems(rows: readonly PutRow[], embeddings: Float32Array): { updatedAt: string; created: boolean[] } {
    if (this.#rows.lastLabel() + rows.length > largestLabel) this.#renumber()
    const { updatedAt, created, change } = this.#writer.put(rows, embeddings)
    this.#follow(change)
    return { updatedAt, created }
  }

  getItem(id: string): Item {
    return this.#found(id).item
  }

  getEmbedding(id: string): Float32Array {
    return this.#index.table.row(this.#found(id).label).slice()
  }

  patchItem(id: string, patch: ItemPatch): Item {
    return this.#writer.patch(id, patch)
  }

  deleteItems(ids: readonly string[]): number {
    const { deleted, change } = this.#writer.delete(ids)
    this.#follow(change)
    return deleted
  }

  listItems(after: string | null, limit: number): Item[] {
    return this.#rows.page(after, limit)
  }

  contentHashes(ids: readonly string[]): Map<string, string | null> {
    return this.#rows.contentHashes(ids)
  }

  embeddingsByContent(hashes: readonly string[]): Map<string, Float32Array> {
    const labels = [...this.#rows.labelsByContent(hashes)]
    return new Map(labels.map(([hash, label]) => [hash, this.#index.table.row(label).slice()]))
  }

  search({ embedding, k, exact, ef, excludeId }: NearestQuery): SearchAnswer {
    const excluded = excludeId !== undefined && this.#rows.find(excludeId) !== null
    const { candidates, exact: wasExact } = this.#index.nearest(embedding, excluded ? k + 1 : k, {
      exact,
      ef: ef ?? this.#settings.hnsw.ef,
    })
    const hits = rankItems(candidates, this.#rows, k, excludeId).map(({ id, score }): Hit => {
      const { group, metadata } = this.getItem(id)
      return { id, score, group, metadata }
    })
    const { items } = readRecord(this.#database).counts
    return {
      hits,
      total: excluded ? items - 1 : items,
      exact: wasExact,
      indexedAt: this.#writer.indexedAt,
    }
  }

  /** Whether there is work to do between calls. */
  get unfinished(): boolean {
    return this.#index.unfinished || this.#snapshotIsDue()
  }

  /** Builds the graph for a slice of time, and saves it when it has changed enough. */
  work(): void {
    if (this.#index.unfinished) this.#index.build(this.#tuning.sliceMs)
    if (this.#snapshotIsDue()) this.#snapshot()
  }

  close(snapshot: boolean): void {
    if (snapshot && (this.#index.serving?.changes ?? 0) > 0) this.#snapshot()
    this.#database.close()
  }

  #found(id: string): { item: Item; label: number } {
    const found = this.#rows.find(id)
    if (found === null) throw notFound(id)
    return found
  }

  #readIndex(): EmbeddingIndex {
    const { dimensions, hnsw } = this.#settings
    const table = new EmbeddingTable(dimensions)
    storeErrors("the collection's embeddings", () => {
      for (const { label, embedding } of this.#rows.embeddings()) table.add(label, embedding)
    })
    return new EmbeddingIndex(table, { ...hnsw, dimensions }, this.#tuning)
  }

  #follow({ added, removed }: EmbeddingChange): void {
    for (const [label, embedding] of added) this.#index.add(label, embedding)
    for (const label of removed) this.#index.remove(label)
  }

  #snapshotIsDue(): boolean {
    const serving = this.#index.serving
    return (
      serving !== null && serving.changes >= Math.max(this.#tuning.snapshotAfter, serving.graph.nodes / 2)
    )
  }

  #snapshot(): void {
    if (this.#index.serving !== null) this.#snapshots.save(this.#index.serving)
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
    this.#index = this.#readIndex()
  }
}
