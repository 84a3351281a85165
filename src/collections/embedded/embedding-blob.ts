import { createHash } from 'node:crypto'
import { endianness } from 'node:os'
import { KindredError } from '../../errors.js'

const bigEndian = endianness() === 'BE'

/** The bytes of an embedding as they are stored: float32, little-endian. */
export function toBlob(embedding: Float32Array): Buffer {
  const bytes = Buffer.from(embedding.buffer, embedding.byteOffset, embedding.byteLength)
  return bigEndian ? Buffer.from(bytes).swap32() : bytes
}

/** @throws KindredError STORE_CORRUPT when the blob is not `dimensions` finite numbers */
export function fromBlob(blob: Buffer, dimensions: number): Float32Array {
  const embedding = new Float32Array(dimensions)
  if (blob.byteLength !== embedding.byteLength) {
    throw corrupt(`${blob.byteLength} bytes for ${dimensions} dimensions`)
  }
  const bytes = Buffer.from(embedding.buffer)
  bytes.set(blob)
  if (bigEndian) bytes.swap32()
  // A loop: `every` with a callback takes most of the time in which a large collection opens.
  for (const value of embedding) {
    if (!Number.isFinite(value)) throw corrupt('a value that is not a finite number')
  }
  return embedding
}

/** SHA-256 of a stored embedding: what finds exact duplicates. */
export const hashOf = (blob: Uint8Array): Buffer => createHash('sha256').update(blob).digest()

const corrupt = (what: string): KindredError =>
  new KindredError('STORE_CORRUPT', `A stored embedding holds ${what}`)
