import type { KeptPicture } from '../../images/picture-to-keep.js'
import type { Item, Metadata } from '../item.js'
import { fromBlob, hashOf, toBlob } from './embedding-blob.js'
import type { Condition } from './filter/compile-filter.js'
import type { Database } from './versioned-database.js'

interface Row {
  readonly number: number
  readonly id: string
  readonly group: string | null
  readonly metadata: string
  readonly content_hash: string | null
  readonly label: number
  readonly updated_at: string
  readonly write: number
  readonly path: string | null
  readonly embedded_from: 'thumbnail' | null
  readonly picture: KeptPicture['kind'] | null
}

/** An item as its row: `number` is its own for as long as it lives. */
export interface FoundItem {
  readonly item: Item
  readonly version: string
  readonly number: number
  readonly label: number
  /** Where its picture was read. */
  readonly path: string | null
}

/** What an item of an embedding is known by. */
export interface LabelledItem {
  readonly number: number
  readonly id: string
  readonly label: number
}

const columns = 'id, "group", metadata, content_hash, label, updated_at, write, path, embedded_from'
const selected = `number, ${columns},
  (SELECT kind FROM pictures WHERE pictures.content_hash = items.content_hash) AS picture`

/** The statements on items and embeddings of one collection's database. Transactions are the caller's. */
export class ItemRows {
  readonly #database: Database
  readonly #dimensions: number
  readonly #find
  readonly #put
  readonly #delete
  readonly #page
  readonly #hashes
  readonly #byContent
  readonly #ofLabel
  readonly #labelOf
  readonly #embedding
  readonly #addEmbedding
  readonly #dropUnused

  constructor(database: Database, dimensions: number) {
    this.#database = database
    this.#dimensions = dimensions
    this.#find = database.prepare<[string], Row>(`SELECT ${selected} FROM items WHERE id = ?`)
    this.#put = database
      .prepare<Omit<Row, 'number' | 'picture'>, number>(
        `INSERT INTO items (${columns})
         VALUES ($id, $group, $metadata, $content_hash, $label, $updated_at, $write, $path, $embedded_from)
         ON CONFLICT (id) DO UPDATE SET "group" = $group, metadata = $metadata, content_hash = $content_hash,
           label = $label, updated_at = $updated_at, write = $write, path = $path, embedded_from = $embedded_from
         RETURNING number`,
      )
      .pluck()
    this.#delete = database.prepare<[string]>('DELETE FROM items WHERE id = ?')
    this.#page = database.prepare<[string, number], Row>(
      `SELECT ${selected} FROM items WHERE id > ? ORDER BY id LIMIT ?`,
    )
    this.#hashes = database.prepare<[string], { id: string; content_hash: string | null }>(
      `SELECT id, iif(embedded_from IS NULL, content_hash, NULL) AS content_hash FROM items
       WHERE id IN (SELECT value FROM json_each(?))`,
    )
    this.#byContent = database.prepare<[string], { hash: string; label: number }>(
      `SELECT content_hash AS hash, min(label) AS label FROM items
       WHERE content_hash IN (SELECT value FROM json_each(?)) AND embedded_from IS NULL GROUP BY content_hash`,
    )
    this.#ofLabel = database.prepare<[number], LabelledItem>(
      'SELECT number, id, label FROM items WHERE label = ? ORDER BY id',
    )
    this.#labelOf = database.prepare<[Buffer], number>('SELECT label FROM embeddings WHERE hash = ?').pluck()
    this.#embedding = database
      .prepare<[number], Buffer>('SELECT data FROM embeddings WHERE label = ?')
      .pluck()
    this.#addEmbedding = database.prepare<[Buffer, Buffer]>(
      'INSERT INTO embeddings (hash, data) VALUES (?, ?)',
    )
    this.#dropUnused = database.prepare<{ label: number }>(
      `DELETE FROM embeddings WHERE label = $label
       AND NOT EXISTS (SELECT 1 FROM items WHERE label = $label)`,
    )
  }

  find(id: string): FoundItem | null {
    const row = this.#find.get(id)
    if (row === undefined) return null
    const { number, label, path, write } = row
    const item = toItem(row)
    return { item, version: versionOf(write, item), number, label, path }
  }

  /**
   * What is `kept` of the picture is not written here.
   *
   * @param at.write which write of the collection it is
   * @returns the item's number
   */
  put(item: Item, at: Pick<Row, 'label' | 'path' | 'write'>): number {
    return Number(
      this.#put.get({
        id: item.id,
        group: item.group,
        metadata: JSON.stringify(item.metadata),
        content_hash: item.contentHash,
        ...at,
        updated_at: item.updatedAt,
        embedded_from: item.embeddedFrom ?? null,
      }),
    )
  }

  delete(id: string): void {
    this.#delete.run(id)
  }

  /** Items after an id (from the start when null) that fulfil a condition, in code point order. */
  page(after: string | null, limit: number, condition: Condition | null = null): Item[] {
    if (condition === null) return this.#page.all(after ?? '', limit).map(toItem)
    return this.#database
      .prepare<(string | number)[], Row>(
        `SELECT ${selected} FROM items WHERE id > ? AND ${condition.sql} ORDER BY id LIMIT ?`,
      )
      .all(after ?? '', ...condition.parameters, limit)
      .map(toItem)
  }

  /** Ids of `limit` items at most that fulfil a condition. */
  idsWhere({ sql, parameters }: Condition, limit: number): string[] {
    return this.#database
      .prepare<(string | number)[], string>(`SELECT id FROM items WHERE ${sql} LIMIT ?`)
      .pluck()
      .all(...parameters, limit)
  }

  contentHashes(ids: readonly string[]): Map<string, string | null> {
    return new Map(this.#hashes.all(JSON.stringify(ids)).map(({ id, content_hash }) => [id, content_hash]))
  }

  /** Labels of the embeddings of items with these content hashes, by hash. */
  labelsByContent(hashes: readonly string[]): Map<string, number> {
    return new Map(this.#byContent.all(JSON.stringify(hashes)).map(({ hash, label }) => [hash, label]))
  }

  /** The items that have an embedding, in code point order of their ids; read as they are asked for. */
  itemsOf(label: number): Iterable<LabelledItem> {
    return this.#ofLabel.iterate(label)
  }

  /** Finds an embedding, or adds it. @param embedding unit length */
  labelFor(embedding: Float32Array): { label: number; added: boolean } {
    const blob = toBlob(embedding)
    const hash = hashOf(blob)
    const known = this.#labelOf.get(hash)
    if (known !== undefined) return { label: known, added: false }
    return { label: Number(this.#addEmbedding.run(hash, blob).lastInsertRowid), added: true }
  }

  /** Deletes an embedding that no item has any more. @returns whether it did */
  dropIfUnused(label: number): boolean {
    return this.#dropUnused.run({ label }).changes > 0
  }

  *embeddings(): Generator<{ label: number; embedding: Float32Array }> {
    const rows = this.#database
      .prepare<[], [number, Buffer]>('SELECT label, data FROM embeddings ORDER BY label')
      .raw()
      .iterate()
    for (const [label, data] of rows) yield { label, embedding: fromBlob(data, this.#dimensions) }
  }

  /** Labels of all embeddings. */
  labels(): number[] {
    return this.#database.prepare<[], number>('SELECT label FROM embeddings').pluck().all()
  }

  /** @throws KindredError STORE_CORRUPT */
  embedding(label: number): Float32Array {
    const data = this.#embedding.get(label)
    if (data === undefined) throw new Error(`There is no embedding ${label}`)
    return fromBlob(data, this.#dimensions)
  }

  /** The highest label that was ever given, 0 before the first. */
  lastLabel(): number {
    const last = this.#database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'embeddings'`)
    return Number(last.pluck().get() ?? 0)
  }

  /** Numbers the embeddings anew from 1, without gaps. */
  renumber(): void {
    // Through negative numbers, so that no label meets one that has still to move; items follow by their foreign key.
    this.#database.exec(
      `CREATE TEMP TABLE numbering AS
         SELECT label AS old, row_number() OVER (ORDER BY label) AS new FROM embeddings;
       CREATE UNIQUE INDEX temp.numbering_by_old ON numbering (old);
       UPDATE embeddings SET label = -(SELECT new FROM numbering WHERE old = label);
       UPDATE embeddings SET label = -label;
       DROP TABLE numbering;
       UPDATE sqlite_sequence SET seq = (SELECT count(*) FROM embeddings) WHERE name = 'embeddings';`,
    )
  }
}

/**
 * Names the state of an item. The write alone would not do: another collection of that name has the same, and what is kept
 * of a picture changes with other items that have it, too.
 */
export const versionOf = (
  write: number,
  { updatedAt, kept = [] }: Pick<Item, 'updatedAt' | 'kept'>,
): string =>
  [write.toString(36), Date.parse(updatedAt).toString(36), ...kept.map((place) => place[0])].join('-')

/** What is kept of a picture, as an item says it. */
export const keptOf = ({ path, picture }: Pick<Row, 'path' | 'picture'>): NonNullable<Item['kept']> => [
  ...(path === null ? [] : (['path'] as const)),
  ...(picture === null ? [] : [picture]),
]

function toItem(row: Row): Item {
  const metadata: unknown = JSON.parse(row.metadata)
  const kept = keptOf(row)
  return {
    id: row.id,
    group: row.group,
    metadata: metadata as Metadata, // written by put() alone, after checkMetadata
    contentHash: row.content_hash,
    updatedAt: row.updated_at,
    ...(kept.length > 0 && { kept }),
    ...(row.embedded_from !== null && { embeddedFrom: row.embedded_from }),
  }
}
