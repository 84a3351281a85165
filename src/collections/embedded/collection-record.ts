import type { Collection, CollectionPatch, FieldType, HnswSettings } from '../collection.js'
import type { Keep } from '../../images/picture-to-keep.js'
import type { FullSpec } from '../collection-spec.js'
import type { Database } from './versioned-database.js'

interface Row {
  model: string | null
  dimensions: number
  m: number
  ef_construction: number
  ef: number
  items: number
  groups: number
  indexed_at: string | null
  // Absent in a database that is read before its next opening for writing brings it up to date.
  keep?: Keep
  thumbnail_side?: number
  /** 0 or 1. */
  probabilities?: number
}

/** Writes what a collection is made with into its new, empty database. */
export function writeSpec(database: Database, spec: FullSpec): void {
  const { m, efConstruction, ef } = spec.hnsw
  database
    .prepare(
      `INSERT INTO collection (one, model, dimensions, m, ef_construction, ef, keep, thumbnail_side, probabilities)
       VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      spec.model,
      spec.dimensions,
      m,
      efConstruction,
      ef,
      spec.keep,
      spec.thumbnailSide,
      Number(spec.probabilities),
    )
  addFields(database, new Map(Object.entries(spec.fields)), new Map())
}

/** Writes settings that change, all but the types of fields. */
export function writeSettings(database: Database, patch: Omit<CollectionPatch, 'fields'>): void {
  const { hnsw, keep = null, thumbnailSide = null, probabilities } = patch
  database
    .prepare(
      `UPDATE collection SET ef = coalesce($ef, ef), keep = coalesce($keep, keep),
         thumbnail_side = coalesce($thumbnailSide, thumbnail_side),
         probabilities = coalesce($probabilities, probabilities)`,
    )
    .run({
      ef: hnsw?.ef ?? null,
      keep,
      thumbnailSide,
      probabilities: probabilities === undefined ? null : Number(probabilities),
    })
}

/** Writes the types of fields that had none. */
export function addFields(
  database: Database,
  fields: ReadonlyMap<string, FieldType>,
  known: ReadonlyMap<string, FieldType>,
): void {
  const add = database.prepare('INSERT INTO fields VALUES (?, ?)')
  for (const [field, type] of fields) if (!known.has(field)) add.run(field, type)
}

/** A collection as its database tells, all but its name. */
export function readRecord(database: Database): Omit<Collection, 'name'> {
  const row = database.prepare<[], Row>('SELECT * FROM collection').get()
  if (row === undefined) throw new Error('The database has no collection record')
  const hnsw: HnswSettings = { m: row.m, efConstruction: row.ef_construction, ef: row.ef }
  return {
    model: row.model,
    dimensions: row.dimensions,
    fields: Object.fromEntries(readFields(database)),
    hnsw,
    keep: row.keep ?? 'thumbnail',
    thumbnailSide: row.thumbnail_side ?? 320,
    probabilities: row.probabilities !== 0,
    counts: { items: row.items, groups: row.groups },
    indexedAt: row.indexed_at,
  }
}

/** How many writes changed the items so far. */
export const readWrites = (database: Database): number =>
  Number(database.prepare('SELECT writes FROM collection').pluck().get())

export function readFields(database: Database): Map<string, FieldType> {
  const rows = database
    .prepare<[], { name: string; type: FieldType }>('SELECT name, type FROM fields ORDER BY name')
    .all()
  return new Map(rows.map(({ name, type }) => [name, type]))
}
