import type { EmbeddingTable } from './embedding-table.js'
import { HnswGraph, type GraphSettings } from './hnsw-graph.js'

/** A graph and the embeddings that it still lacks, in the order in which they came. */
export class GrowingGraph {
  readonly graph: HnswGraph
  readonly #lacks: Set<number>
  #changes = 0

  /** @param graph holds nothing but embeddings of `table`, or is to be rid of what else it holds */
  constructor(graph: HnswGraph, table: EmbeddingTable) {
    this.graph = graph
    for (const label of [...graph.labels]) if (!table.has(label)) this.#removeNode(label)
    this.#lacks = new Set(table.labels().filter((label) => !graph.has(label)))
  }

  static empty(settings: GraphSettings, table: EmbeddingTable): GrowingGraph {
    return new GrowingGraph(HnswGraph.create(settings, table.size), table)
  }

  /** Labels that are not in the graph yet. */
  get lacking(): ReadonlySet<number> {
    return this.#lacks
  }

  /** Nodes added and removed since the graph was made, loaded or saved. */
  get changes(): number {
    return this.#changes
  }

  note(label: number): void {
    this.#lacks.add(label)
  }

  remove(label: number): void {
    if (!this.#lacks.delete(label)) this.#removeNode(label)
  }

  /** Adds what is lacking until `deadline` (performance.now()). */
  grow(table: EmbeddingTable, deadline: number): void {
    for (const label of this.#lacks) {
      this.graph.add(label, table.row(label))
      this.#lacks.delete(label)
      this.#changes++
      if (performance.now() >= deadline) return
    }
  }

  markSaved(): void {
    this.#changes = 0
  }

  #removeNode(label: number): void {
    this.graph.remove(label)
    this.#changes++
  }
}
