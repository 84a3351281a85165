import { maskedCrc32c } from './crc32c.js'

/** One TFRecord: length (uint64), its checksum, the data, its checksum; all little-endian. */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(12 + data.length + 4)
  record.writeBigUInt64LE(BigInt(data.length), 0)
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8)
  record.set(data, 12)
  record.writeUInt32LE(maskedCrc32c(data), 12 + data.length)
  return record
}
