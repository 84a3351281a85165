import { dotProduct } from './dot-product.js'
import type { BitSet } from './filter/bit-set.js'
import { kthLargest } from './kth-largest.js'

/** An embedding near to a query; several items may share it. */
export interface Candidate {
  readonly label: number
  /** Cosine similarity, -1 to 1. */
  readonly score: number
}

/** Floats of one block, about: 4 MiB, so that growing never copies what is there. */
const blockFloats = 1 << 20

/**
 * The embeddings of one collection in memory, by label. It scans them all (exact search), scores what the graph found
 * and what the graph lacks, and feeds the graph. It doubles the memory of the vectors beside the graph's own copy:
 * reading 20,000 x 128 from SQLite for each exact search took 12 to 15 times as long as this scan, and filters will need
 * single rows at random.
 */
export class EmbeddingTable {
  readonly #dimensions: number
  readonly #rowsPerBlock: number
  readonly #blocks: Float32Array[] = []
  readonly #slots = new Map<number, number>()
  /** Label of each slot; 0 where it is free. */
  readonly #labels: number[] = []
  readonly #free: number[] = []
  #scores = new Float64Array(0)

  constructor(dimensions: number) {
    this.#dimensions = dimensions
    this.#rowsPerBlock = Math.max(1, Math.floor(blockFloats / dimensions))
  }

  get size(): number {
    return this.#slots.size
  }

  has(label: number): boolean {
    return this.#slots.has(label)
  }

  labels(): number[] {
    return [...this.#slots.keys()]
  }

  /** @param row unit length; copied */
  add(label: number, row: Float32Array): void {
    if (this.#slots.has(label)) throw new Error(`The embedding ${label} is already in the table`)
    const slot = this.#free.pop() ?? this.#labels.length
    this.#slots.set(label, slot)
    this.#labels[slot] = label
    const block = Math.floor(slot / this.#rowsPerBlock)
    this.#blocks[block] ??= new Float32Array(this.#rowsPerBlock * this.#dimensions)
    this.#row(slot).set(row)
  }

  remove(label: number): void {
    const slot = this.#slots.get(label)
    if (slot === undefined) throw new Error(`The embedding ${label} is not in the table`)
    this.#slots.delete(label)
    this.#labels[slot] = 0
    this.#free.push(slot)
  }

  /** A view of the embedding, valid until the next change. */
  row(label: number): Float32Array {
    return this.#row(this.#slotOf(label))
  }

  /**
   * Exact scan: the `k` best and whatever ties with the last of them, best first.
   *
   * @param among the only labels to compare; absent for all
   */
  nearest(query: Float32Array, k: number, among?: BitSet): Candidate[] {
    const count = this.#labels.length
    if (this.#scores.length < count) this.#scores = new Float64Array(Math.ceil(count * 1.5))
    const scores = this.#scores
    let slot = 0
    for (const block of this.#blocks) {
      const end = Math.min(slot + this.#rowsPerBlock, count)
      for (let offset = 0; slot < end; slot++, offset += this.#dimensions) {
        const label = this.#labels[slot] ?? 0
        const left = label === 0 || (among !== undefined && !among.has(label))
        scores[slot] = left ? -Infinity : dotProduct(block, offset, query)
      }
    }
    return best(this.#labels, scores, k)
  }

  /** The `k` best among `labels` and whatever ties with the last of them, best first. */
  nearestOf(labels: readonly number[], query: Float32Array, k: number): Candidate[] {
    const scores = Float64Array.from(labels, (label) => {
      const slot = this.#slotOf(label)
      return dotProduct(this.#blockOf(slot), this.#offsetOf(slot), query)
    })
    return best(labels, scores, k)
  }

  #slotOf(label: number): number {
    const slot = this.#slots.get(label)
    if (slot === undefined) throw new Error(`The embedding ${label} is not in the table`)
    return slot
  }

  #row(slot: number): Float32Array {
    const start = this.#offsetOf(slot)
    return this.#blockOf(slot).subarray(start, start + this.#dimensions)
  }

  #blockOf(slot: number): Float32Array {
    const block = this.#blocks[Math.floor(slot / this.#rowsPerBlock)]
    if (block === undefined) throw new Error(`The table has no slot ${slot}`)
    return block
  }

  #offsetOf(slot: number): number {
    return (slot % this.#rowsPerBlock) * this.#dimensions
  }
}

function best(labels: readonly number[], scores: Float64Array, k: number): Candidate[] {
  const threshold = kthLargest(scores, labels.length, k)
  const found: Candidate[] = []
  for (const [index, label] of labels.entries()) {
    const score = scores[index] ?? -Infinity
    // Rounding can carry the cosine of equal embeddings past 1.
    if (score >= threshold && score > -Infinity)
      found.push({ label, score: Math.max(-1, Math.min(1, score)) })
  }
  return found.sort((a, b) => b.score - a.score)
}
