import { endianness } from 'node:os'
import { hashOfBytes } from './read-picture.js'

/** What an import knows a ready-made embedding by: SHA-256 in hex of its values as float32, little-endian. */
export function hashOfEmbedding(values: Float32Array): string {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  return hashOfBytes(endianness() === 'BE' ? Buffer.from(bytes).swap32() : bytes)
}
