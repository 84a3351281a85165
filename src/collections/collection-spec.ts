import { expected } from '../errors.js'
import type { CollectionSpec, FieldType, HnswSettings } from './collection-store.js'
import { checkFieldName } from './metadata.js'
import { checkWhole } from './ranges.js'

/** M 16 as Malkov and Yashunin (2018) do; ef 50 to 200 all found the true ten among 20,000 clustered 128-d embeddings. */
export const defaultHnsw: HnswSettings = { m: 16, efConstruction: 200, ef: 100 }
export const mostDimensions = 8192
/** Largest `k` and `ef` of a search. */
export const broadestSearch = 100_000

const types: readonly FieldType[] = ['string', 'number', 'boolean', 'date']

/** A checked spec with nothing left open. */
export interface FullSpec {
  readonly model: string | null
  readonly dimensions: number
  readonly fields: Readonly<Record<string, FieldType>>
  readonly hnsw: HnswSettings
}

/** @throws KindredError INVALID_ARGUMENT, INVALID_METADATA (name of a field) */
export function completeSpec(spec: CollectionSpec): FullSpec {
  if (spec.model !== null && (typeof spec.model !== 'string' || spec.model === '')) {
    throw expected('NAME@FINGERPRINT or null', 'model', spec.model)
  }
  checkWhole('dimensions', spec.dimensions, 1, mostDimensions)
  const hnsw = { ...defaultHnsw, ...spec.hnsw }
  checkWhole('hnsw.m', hnsw.m, 2, 128)
  checkWhole('hnsw.efConstruction', hnsw.efConstruction, 4, 4096)
  checkWhole('hnsw.ef', hnsw.ef, 1, broadestSearch)
  for (const [field, type] of Object.entries(spec.fields ?? {})) {
    checkFieldName(field)
    if (!types.includes(type)) throw expected(`one of ${types.join(', ')}`, `fields.${field}`, type)
  }
  return { model: spec.model, dimensions: spec.dimensions, fields: { ...spec.fields }, hnsw }
}
