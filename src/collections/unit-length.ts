import { expected, KindredError } from '../errors.js'

/**
 * Copies an embedding at unit length into `target`, from `offset` on. A negative zero becomes zero, so that equal
 * embeddings have equal bytes.
 *
 * @param embedding `dimensions` finite numbers, not all zero
 * @throws KindredError INVALID_EMBEDDING
 */
export function writeUnitLength(
  embedding: Float32Array,
  dimensions: number,
  target: Float32Array,
  offset: number,
): void {
  if (!(embedding instanceof Float32Array)) {
    throw expected('a Float32Array', 'embedding', embedding, 'INVALID_EMBEDDING')
  }
  if (embedding.length !== dimensions) {
    throw new KindredError(
      'INVALID_EMBEDDING',
      `Expected an embedding of ${dimensions} dimensions but received one of ${embedding.length}`,
    )
  }
  let squares = 0
  for (const value of embedding) squares += value * value
  if (!Number.isFinite(squares)) {
    throw new KindredError('INVALID_EMBEDDING', 'The embedding holds a value that is not a finite number')
  }
  if (squares === 0) {
    throw new KindredError('INVALID_EMBEDDING', 'The embedding is all zero and so has no direction')
  }
  const norm = Math.sqrt(squares)
  for (let i = 0; i < dimensions; i++) target[offset + i] = (embedding[i] ?? 0) / norm + 0
}

/** @returns a copy at unit length @throws KindredError INVALID_EMBEDDING */
export function toUnitLength(embedding: Float32Array, dimensions: number): Float32Array {
  const unit = new Float32Array(dimensions)
  writeUnitLength(embedding, dimensions, unit, 0)
  return unit
}
