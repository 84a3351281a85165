import { readFileSync } from 'node:fs'

export interface ReadEvent {
  wallTime: number
  step: number
  fileVersion?: string
  restart?: boolean
  scalars: Record<string, number>
}

/** Reads an event file back, checksums and all: a second reading of the format, apart from the one that writes. */
export function readEvents(file: string): ReadEvent[] {
  const bytes = readFileSync(file)
  const events: ReadEvent[] = []
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at))
    const data = bytes.subarray(at + 12, at + 12 + length)
    if (unmask(bytes.readUInt32LE(at + 8)) !== slowCrc32c(bytes.subarray(at, at + 8)))
      throw new Error('length')
    if (unmask(bytes.readUInt32LE(at + 12 + length)) !== slowCrc32c(data))
      throw new Error('checksum of the data')
    events.push(readEvent(data))
    at += 16 + length
  }
  return events
}

function unmask(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0
  return ((rotated << 15) | (rotated >>> 17)) >>> 0
}

/** By polynomial division, bit after bit. */
export function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const odd = ((crc ^ (byte >>> bit)) & 1) === 1
      crc = odd ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    }
  }
  return ~crc >>> 0
}

function readEvent(data: Buffer): ReadEvent {
  const event: ReadEvent = { wallTime: NaN, step: 0, scalars: {} }
  for (const { field, value } of fieldsOf(data)) {
    if (field === 1) event.wallTime = (value as Buffer).readDoubleLE()
    else if (field === 2) event.step = value as number
    else if (field === 3) event.fileVersion = (value as Buffer).toString()
    else if (field === 7) event.restart = fieldsOf(value as Buffer)[0]?.value === 1
    else if (field === 5) {
      for (const one of fieldsOf(value as Buffer)) {
        const [tag, number] = fieldsOf(one.value as Buffer)
        event.scalars[(tag?.value as Buffer).toString()] = (number?.value as Buffer).readFloatLE()
      }
    } else throw new Error(`field ${field}`)
  }
  return event
}

function fieldsOf(data: Buffer): { field: number; value: Buffer | number }[] {
  const fields: { field: number; value: Buffer | number }[] = []
  let at = 0
  const varint = (): number => {
    let [value, scale] = [0, 1]
    for (;;) {
      const byte = data[at++] ?? 0
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 0x80
    }
  }
  const take = (length: number): Buffer => data.subarray(at, (at += length))
  while (at < data.length) {
    const key = varint()
    const [field, type] = [key >>> 3, key & 7]
    if (type === 0) fields.push({ field, value: varint() })
    else fields.push({ field, value: take(type === 1 ? 8 : type === 5 ? 4 : varint()) })
  }
  return fields
}
