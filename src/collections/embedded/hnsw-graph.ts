import hnswlib, { type HierarchicalNSW } from 'hnswlib-node'
import type { HnswSettings } from '../collection.js'
import type { BitSet } from './filter/bit-set.js'

/** hnswlib-node keeps a label in 32 bits and wraps what is larger. */
export const largestLabel = 2 ** 32 - 1

const smallestCapacity = 1024

export type GraphSettings = Pick<HnswSettings, 'm' | 'efConstruction'> & { readonly dimensions: number }

/**
 * The only holder of an hnswlib-node index. The library checks almost nothing (see docs/architecture.md), and a wrong
 * call aborts the process or corrupts the answer, so every call is checked here first. What is refused is a fault of
 * this program, not of its user: a plain Error.
 */
export class HnswGraph {
  readonly #index: HierarchicalNSW
  readonly #settings: GraphSettings
  readonly #live: Set<number>

  private constructor(index: HierarchicalNSW, settings: GraphSettings, live: Set<number>) {
    this.#index = index
    this.#settings = settings
    this.#live = live
  }

  /** An empty graph, sized for `expected` embeddings; it grows beyond. */
  static create(settings: GraphSettings, expected = 0): HnswGraph {
    const index = new hnswlib.HierarchicalNSW('ip', settings.dimensions)
    index.initIndex({
      maxElements: Math.max(smallestCapacity, expected),
      m: settings.m,
      efConstruction: settings.efConstruction,
    })
    return new HnswGraph(index, settings, new Set())
  }

  /**
   * Reads a graph file whose checksum and header were verified before; the library itself would load a file of other
   * dimensions and answer garbage. Always into a fresh index: one whose load failed is not safe to use again.
   *
   * @param deleted labels that are marked so in the file: the library tells of each only by refusing to show it
   */
  static load(file: string, settings: GraphSettings, deleted: ReadonlySet<number>): HnswGraph {
    const index = new hnswlib.HierarchicalNSW('ip', settings.dimensions)
    index.readIndexSync(file)
    const live = new Set(index.getIdsList().filter((label) => !deleted.has(label)))
    return new HnswGraph(index, settings, live)
  }

  /** Embeddings that a search can find. */
  get size(): number {
    return this.#live.size
  }

  /** Nodes in the graph, those marked deleted included. */
  get nodes(): number {
    return this.#index.getCurrentCount()
  }

  get labels(): ReadonlySet<number> {
    return this.#live
  }

  has(label: number): boolean {
    return this.#live.has(label)
  }

  /** @param embedding unit length */
  add(label: number, embedding: Float32Array): void {
    checkLabel(label)
    if (this.#live.has(label)) throw new Error(`The graph has ${label} already`)
    const point = this.#checked(embedding)
    // The library throws when it is full.
    if (this.nodes >= this.#index.getMaxElements()) this.#index.resizeIndex(2 * this.#index.getMaxElements())
    this.#index.addPoint(point, label)
    this.#live.add(label)
  }

  remove(label: number): void {
    if (!this.#live.delete(label)) throw new Error(`The graph has no ${label}`)
    this.#index.markDelete(label)
  }

  /**
   * Labels near to `query`, nearest first by the graph's own float32 distance.
   *
   * @param ef breadth; the library neither saves it nor keeps it apart from searches, so it is set each time
   */
  search(query: Float32Array, k: number, ef: number): number[] {
    return this.#walk(query, k, ef)
  }

  /**
   * As `search`, but only labels of a set; the walk goes on until it holds `ef` of them.
   *
   * @param patience points it may look at; where those that match are far from the query it could look at all there are
   * @returns null where the patience was not enough
   */
  searchAmong(query: Float32Array, k: number, ef: number, among: BitSet, patience: number): number[] | null {
    let looked = 0
    // A filter that throws aborts the process; this one cannot. Taking everything is the way to end a walk.
    const found = this.#walk(query, k, ef, (label) => ++looked > patience || among.has(label))
    return looked > patience ? null : found
  }

  #walk(query: Float32Array, k: number, ef: number, filter?: (label: number) => boolean): number[] {
    const point = this.#checked(query)
    if (!Number.isInteger(k) || k < 1) throw new Error(`Cannot search for ${k} neighbours`)
    if (!Number.isInteger(ef) || ef < 1) throw new Error(`Cannot search with ef ${ef}`)
    // The library refuses a k beyond its capacity.
    const most = Math.min(k, this.size)
    if (most === 0) return []
    this.#index.setEf(Math.max(ef, most))
    return this.#index.searchKnn(point, most, filter).neighbors
  }

  /** The embedding as the graph holds it. */
  embedding(label: number): Float32Array {
    if (!this.#live.has(label)) throw new Error(`The graph has no ${label}`)
    return Float32Array.from(this.#index.getPoint(label))
  }

  /** Writes the graph. The library reports success whatever happens: check the file afterwards. */
  write(file: string): void {
    this.#index.writeIndexSync(file)
  }

  #checked(embedding: Float32Array): number[] {
    if (!(embedding instanceof Float32Array) || embedding.length !== this.#settings.dimensions) {
      throw new Error(`Expected ${this.#settings.dimensions} float32 numbers`)
    }
    // A value that is not a number aborts the process, and NaN is accepted and poisons the graph.
    if (!embedding.every(Number.isFinite)) throw new Error('Expected finite numbers')
    return Array.from(embedding)
  }
}

function checkLabel(label: number): void {
  if (!Number.isInteger(label) || label < 1 || label > largestLabel) {
    throw new Error(`Expected a label from 1 to ${largestLabel} but received ${label}`)
  }
}
