import { expected } from '../errors.js'
import { keeps, type Keep } from '../images/picture-to-keep.js'
import type { CollectionPatch, CollectionSpec, FieldType, HnswSettings } from './collection.js'
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
  readonly keep: Keep
  readonly thumbnailSide: number
  readonly probabilities: boolean
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
  const { keep = 'thumbnail', thumbnailSide = 320, probabilities = true } = spec
  checkPatch({ ...spec, hnsw, keep, thumbnailSide, probabilities })
  const { model, dimensions, fields } = spec
  return { model, dimensions, fields: { ...fields }, hnsw, keep, thumbnailSide, probabilities }
}

/** Checks the settings that can change. @throws KindredError INVALID_ARGUMENT, INVALID_METADATA (name of a field) */
export function checkPatch({ hnsw, keep, thumbnailSide, probabilities, fields = {} }: CollectionPatch): void {
  if (hnsw?.ef !== undefined) checkWhole('hnsw.ef', hnsw.ef, 1, broadestSearch)
  if (keep !== undefined && !keeps.includes(keep)) {
    throw expected(`one of ${keeps.join(', ')}`, 'keep', keep)
  }
  if (thumbnailSide !== undefined) checkWhole('thumbnailSide', thumbnailSide, 32, 2048)
  if (probabilities !== undefined && typeof probabilities !== 'boolean') {
    throw expected('true or false', 'probabilities', probabilities)
  }
  for (const [field, type] of Object.entries(fields)) {
    checkFieldName(field)
    if (!types.includes(type)) throw expected(`one of ${types.join(', ')}`, `fields.${field}`, type)
  }
}
