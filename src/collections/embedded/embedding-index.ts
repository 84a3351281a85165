import type { HnswSettings } from '../collection.js'
import type { SearchPlan } from '../collection-store.js'
import type { EmbeddingTable, Candidate } from './embedding-table.js'
import type { BitSet } from './filter/bit-set.js'
import { GrowingGraph } from './growing-graph.js'
import type { HnswGraph } from './hnsw-graph.js'
import { planSearch } from './search/plan-search.js'
import type { Tuning } from './tuning.js'

export interface Nearest {
  /** Best first, with all that tie with the last where exact. */
  readonly candidates: Candidate[]
  readonly plan: SearchPlan
}

export interface NearestOptions {
  /** Compare with every embedding that may be answered. */
  readonly exact: boolean
  readonly ef: number
  /** The only labels to answer with, all of them of this collection; null for any. */
  readonly among: BitSet | null
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
  nearest(query: Float32Array, k: number, { exact, ef, among }: NearestOptions): Nearest {
    const breadth = Math.max(ef, k)
    const plan = planSearch({
      exact,
      size: this.table.size,
      matching: among === null ? null : among.size,
      breadth,
      m: this.#settings.m,
      lacking: this.#serving === null ? null : this.#serving.lacking.size,
    })
    if (plan === 'graph' || plan === 'filtered-graph') {
      const walked = this.#walk(query, k, breadth, among)
      if (walked !== null) return { candidates: walked, plan }
    }
    if (among === null) return { candidates: this.table.nearest(query, k), plan: 'scan' }
    // Row after row is twice as fast as label by label.
    const most = among.size * 2 > this.table.size
    const candidates = most
      ? this.table.nearest(query, k, among)
      : this.table.nearestOf(among.values(), query, k)
    return { candidates, plan: 'filtered-scan' }
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
    if (serving) this.#serving ??= GrowingGraph.empty(this.#settings, this.table)
    if (replacement) {
      this.#replacement ??= GrowingGraph.empty(this.#settings, this.table)
      // What searches scan must not grow while a long replacement is built.
      if (this.#serving !== null && this.#serving.lacking.size > 0) {
        this.#serving.grow(this.table, deadline - milliseconds / 2)
      }
      this.#replacement.grow(this.table, deadline)
      if (this.#replacement.lacking.size > 0) return
      this.#serving = this.#replacement
      this.#replacement = null
    } else this.#serving?.grow(this.table, deadline)
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
      replacement:
        this.#replacement !== null ||
        (deleted > fewDeleted && deleted > this.#tuning.compactAt * this.table.size),
    }
  }

  /** The graph's answer together with what it lacks; null where it found less than it owes, or took too long. */
  #walk(query: Float32Array, k: number, breadth: number, among: BitSet | null): Candidate[] | null {
    const serving = this.#serving
    if (serving === null) return null
    const { graph, lacking } = serving
    const lacks = among === null ? [...lacking] : [...lacking].filter((label) => among.has(label))
    const owed = among === null ? graph.size : among.size - lacks.length
    // Looking at as many points as there are to compare is too much.
    const labels =
      among === null
        ? graph.search(query, k, breadth)
        : graph.searchAmong(query, k, breadth, among, among.size)
    // Fewer: some points are unreachable.
    if (labels === null || labels.length < Math.min(k, owed)) return null
    return this.table.nearestOf([...labels, ...lacks], query, k)
  }
}
