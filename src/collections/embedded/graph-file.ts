import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

export interface GraphFile {
  readonly bytes: number
  /** In hex. */
  readonly sha256: string
  readonly dimensions: number
  /** Nodes, those marked deleted included. */
  readonly nodes: number
}

/** Eleven size_t or double fields, and two of four bytes, as HierarchicalNSW::saveIndex of hnswlib 0.8 writes them. */
const headerBytes = 96
const chunkBytes = 1 << 20

/**
 * Reads what hnswlib wrote, without hnswlib: checksum, dimensions and nodes, and whether the file is whole. hnswlib
 * reports success when the disk was full or the folder missing, and loads a file of other dimensions without a word.
 *
 * @throws Error that says what is wrong with the file
 */
export function inspectGraphFile(file: string): GraphFile {
  const descriptor = openSync(file, 'r')
  try {
    const bytes = fstatSync(descriptor).size
    if (bytes < headerBytes) throw new Error(`it has only ${bytes} bytes`)
    const header = readRange(descriptor, 0, headerBytes)
    const nodes = Number(header.readBigUInt64LE(16))
    const bytesPerNode = Number(header.readBigUInt64LE(24))
    const dimensions = Number(header.readBigUInt64LE(32) - header.readBigUInt64LE(40)) / 4
    const layer0End = headerBytes + nodes * bytesPerNode
    if (!(layer0End <= bytes)) throw new Error(`it has ${bytes} bytes, too few for ${nodes} nodes`)
    checkUpperLayers(readRange(descriptor, layer0End, bytes - layer0End), nodes)
    return { bytes, sha256: sha256Of(descriptor, bytes), dimensions, nodes }
  } finally {
    closeSync(descriptor)
  }
}

/** After layer 0 comes, for each node, the size of its links in the layers above, then these links. */
function checkUpperLayers(links: Buffer, nodes: number): void {
  let position = 0
  for (let node = 0; node < nodes; node++) {
    if (position + 4 > links.length) throw new Error(`it ends before node ${node} of ${nodes}`)
    position += 4 + links.readUInt32LE(position)
  }
  if (position !== links.length) throw new Error('it does not end where its last node ends')
}

function sha256Of(descriptor: number, bytes: number): string {
  const hash = createHash('sha256')
  for (let position = 0; position < bytes; position += chunkBytes) {
    hash.update(readRange(descriptor, position, Math.min(chunkBytes, bytes - position)))
  }
  return hash.digest('hex')
}

function readRange(descriptor: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const got = readSync(descriptor, buffer, read, length - read, position + read)
    if (got === 0) throw new Error(`it ended at byte ${position + read}`)
    read += got
  }
  return buffer
}
