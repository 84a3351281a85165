import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

export interface GraphFile {
  readonly bytes: number
  /** In hex. */
  readonly sha256: string
  readonly dimensions: number
  /** Nodes, those marked deleted included. */
  readonly nodes: number
  /** Labels of the nodes that are marked deleted. */
  readonly deleted: readonly number[]
}

/**
 * Called for each node that is not deleted, before it is known whether the file is whole.
 *
 * @param embedding a view, valid until the next
 */
export type VisitNode = (label: number, embedding: Float32Array) => void

/** Eleven size_t or double fields, and two of four bytes, as HierarchicalNSW::saveIndex of hnswlib 0.8 writes them. */
const headerBytes = 96
const chunkBytes = 1 << 20
/** Within a node of layer 0: where hnswlib keeps DELETE_MARK. */
const deletedMark = { at: 2, bit: 1 }

/**
 * Reads what hnswlib wrote, without hnswlib: checksum, dimensions and nodes, and whether the file is whole. hnswlib
 * reports success when the disk was full or the folder missing, loads a file of other dimensions without a word, and
 * tells which nodes are deleted only one by one, by throwing.
 *
 * @throws Error that says what is wrong with the file
 */
export function inspectGraphFile(file: string, visit?: VisitNode): GraphFile {
  const steps = inspectInSteps(file, visit)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** As `inspectGraphFile`, a mebibyte a step, for a thread that has other things to do. */
export function* inspectInSteps(file: string, visit?: VisitNode): Generator<undefined, GraphFile> {
  const descriptor = openSync(file, 'r')
  try {
    const bytes = fstatSync(descriptor).size
    if (bytes < headerBytes) throw new Error(`it has only ${bytes} bytes`)
    const head = readRange(descriptor, 0, headerBytes)
    const { nodes, bytesPerNode, labelOffset, embeddingOffset, dimensions } = readHeader(head)
    const layer0End = headerBytes + nodes * bytesPerNode
    if (!(layer0End <= bytes)) throw new Error(`it has ${bytes} bytes, too few for ${nodes} nodes`)
    if (!(labelOffset + 8 <= bytesPerNode && embeddingOffset <= labelOffset)) {
      throw new Error('its nodes have no room for their labels')
    }
    if (bytesPerNode % 4 !== 0 || embeddingOffset % 4 !== 0) throw new Error('its nodes are not aligned')
    const hash = createHash('sha256').update(head)
    const deleted: number[] = []
    const chunk = bytesPerNode * Math.max(1, Math.floor(chunkBytes / bytesPerNode))
    for (let position = headerBytes; position < layer0End; position += chunk) {
      const part = readRange(descriptor, position, Math.min(chunk, layer0End - position))
      hash.update(part)
      const floats = new Float32Array(part.buffer, part.byteOffset, part.length / 4)
      for (let node = 0; node < part.length; node += bytesPerNode) {
        const label = Number(part.readBigUInt64LE(node + labelOffset))
        const mark = part.readUInt8(node + deletedMark.at)
        if ((mark & deletedMark.bit) !== 0) deleted.push(label)
        else visit?.(label, floats.subarray((node + embeddingOffset) / 4, (node + labelOffset) / 4))
      }
      yield
    }
    const upperLayers = readRange(descriptor, layer0End, bytes - layer0End)
    checkUpperLayers(upperLayers, nodes)
    return { bytes, sha256: hash.update(upperLayers).digest('hex'), dimensions, nodes, deleted }
  } finally {
    closeSync(descriptor)
  }
}

function readHeader(head: Buffer) {
  const field = (at: number): number => Number(head.readBigUInt64LE(at))
  return {
    nodes: field(16),
    bytesPerNode: field(24),
    labelOffset: field(32),
    embeddingOffset: field(40),
    dimensions: (field(32) - field(40)) / Float32Array.BYTES_PER_ELEMENT,
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

function readRange(descriptor: number, position: number, length: number): Buffer {
  // Not from Buffer's pool: its floats are aligned.
  const buffer = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const got = readSync(descriptor, buffer, read, length - read, position + read)
    if (got === 0) throw new Error(`it ended at byte ${position + read}`)
    read += got
  }
  return buffer
}
