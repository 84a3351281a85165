import type { HnswSettings } from '../collection-store.js'
import type { EmbeddingTable, Candidate } from './embedding-table.js'
import { GrowingGraph } from './growing-graph.js'
import type { HnswGraph } from './hnsw-graph.js'
import type { Tuning } from './tuning.js'

export interface Nearest {
  /** Best first, with all that tie with the last where exact. */
  readonly candidates: Candidate[]
  readonly exact: boolean
}

/** A graph with fewer deleted nodes than this is left as it is. */
const fewDeleted = 100

/**
 * Finds embeddings near to a query among those of one collection: all in memory, and a graph derived from them that
 * grows in slices. Every embedding added is found at once: what the graph lacks is scanned.
 */
export class EmbeddingIndex {
  readonly table: EmbeddingTable
  readonly #settings: HnswSettings & { readonly dimensions: number }
  readonly #tuning: Tuning
  #serving: GrowingGraph | null = null
  /** Takes over from `serving`, which is full of deleted nodes, once it has everything. */
  #replacement: GrowingGraph | null = null

  constructor(
    table: EmbeddingTable,
    settings: HnswSettings & { readonly dimensions: number },
    tuning: Tuning,
  ) {
    this.table = table
    this.#settings = settings
    this.#tuning = tuning
  }

  /** Takes a graph that was loaded; what it lacks is added, what it has too much is removed. */
  adopt(graph: HnswGraph): void {
    this.#serving = new GrowingGraph(graph, this.table)
  }

  add(label: number, embedding: Float32Array): void {
    this.table.add(label, embedding)
    this.#serving?.note(label)
    this.#replacement?.note(label)
  }

  remove(label: number): void {
    this.table.remove(label)
    this.#serving?.remove(label)
    this.#replacement?.remove(label)
  }

  /** @param query unit length */
  nearest(query: Float32Array, k: number, options: { exact: boolean; ef: number }): Nearest {
    const breadth = Math.max(options.ef, k)
    const walked = options.exact ? null : this.#walk(query, k, breadth)
    return walked === null
      ? { candidates: this.table.nearest(query, k), exact: true }
      : { candidates: walked, exact: false }
  }

  /** Whether there is building to do. */
  get unfinished(): boolean {
    const { serving, replacement } = this.#wanted()
    return replacement || (serving && (this.#serving === null || this.#serving.lacking.size > 0))
  }

  /** Builds for `milliseconds`, about. */
  build(milliseconds: number): void {
    const deadline = performance.now() + milliseconds
    const { serving, replacement } = this.#wanted()
    if (replacement) {
      this.#replacement ??= GrowingGraph.empty(this.#settings, this.table)
      this.#replacement.grow(this.table, deadline)
      if (this.#replacement.lacking.size > 0) return
      this.#serving = this.#replacement
      this.#replacement = null
    } else if (serving) {
      this.#serving ??= GrowingGraph.empty(this.#settings, this.table)
      this.#serving.grow(this.table, deadline)
    }
  }

  /** The graph that searches use, null while there is none. */
  get serving(): GrowingGraph | null {
    return this.#serving
  }

  #wanted(): { serving: boolean; replacement: boolean } {
    const floats = this.table.size * this.#settings.dimensions
    const graph = this.#serving?.graph
    const deleted = graph === undefined ? 0 : graph.nodes - graph.size
    return {
      serving: this.#serving !== null || floats > this.#tuning.scanBelow,
      replacement: this.#replacement !== null || (deleted > fewDeleted && deleted * 2 > this.table.size),
    }
  }

  /** The graph's answer together with what it lacks; null where a scan of everything is as quick or finds more. */
  #walk(query: Float32Array, k: number, breadth: number): Candidate[] | null {
    const serving = this.#serving
    if (serving === null || serving.lacking.size * 2 > this.table.size) return null
    // A walk looks at about m neighbours of each of `breadth` points.
    if (breadth * this.#settings.m >= this.table.size) return null
    const labels = serving.graph.search(query, k, breadth)
    // Unreachable points: the graph owes more than it found.
    if (labels.length < Math.min(k, serving.graph.size)) return null
    return this.table.nearestOf([...labels, ...serving.lacking], query, k)
  }
}
