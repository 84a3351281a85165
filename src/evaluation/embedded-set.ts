import { expected } from '../errors.js'

/** Embeddings of labelled pictures, one row each, all in one array. */
export interface EmbeddedSet {
  /** [count * dimensions], row by row; any length but 0, for only the direction counts. */
  readonly embeddings: Float32Array
  readonly dimensions: number
  /** One a row. */
  readonly labels: readonly string[]
  /** One a row: which picture it is. A query is never compared with the gallery row of its own id. */
  readonly ids?: readonly string[]
}

/**
 * The set's rows at unit length, so that a dot product is the cosine; in memory that threads can share.
 *
 * @throws KindredError INVALID_ARGUMENT when the sizes do not fit, INVALID_EMBEDDING for a row without a direction
 */
export function unitRows(set: EmbeddedSet, name: string): Float32Array {
  const { embeddings, dimensions, labels, ids } = set
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw expected('a positive whole number', `${name}.dimensions`, dimensions)
  }
  if (embeddings.length !== labels.length * dimensions) {
    throw expected(`${labels.length} x ${dimensions} numbers`, `${name}.embeddings`, embeddings.length)
  }
  if (ids !== undefined && ids.length !== labels.length) {
    throw expected(`${labels.length} ids`, `${name}.ids`, ids.length)
  }
  const unit = new Float32Array(new SharedArrayBuffer(embeddings.byteLength))
  for (let start = 0; start < embeddings.length; start += dimensions) {
    const row = embeddings.subarray(start, start + dimensions)
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    if (!(length > 0 && length < Infinity)) {
      throw expected(
        'finite numbers, not all 0',
        `row ${start / dimensions} of ${name}`,
        row,
        'INVALID_EMBEDDING',
      )
    }
    unit.set(
      row.map((value) => value / length),
      start,
    )
  }
  return unit
}
