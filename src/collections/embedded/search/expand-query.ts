import { toUnitLength } from '../../unit-length.js'

/** How much more a near neighbour counts than a far one; as in the paper. */
const alpha = 3
/** Neighbours that count besides the query. Chosen on other bird species than those of the figures in docs/searching.md. */
const neighbourCount = 5

/** A neighbour of the query. */
export interface Neighbour {
  /** Cosine to the query. */
  readonly score: number
  /** Unit length. */
  readonly embedding: Float32Array
}

/**
 * Alpha query expansion (Radenovic, Tolias and Chum: Fine-tuning CNN Image Retrieval with No Human Annotation, TPAMI
 * 2019): the query plus its nearest neighbours, each by its cosine to the power of alpha, at unit length.
 *
 * @param query unit length
 * @param neighbours best first; only the first few count, and none on the query's other side
 */
export function expandQuery(query: Float32Array, neighbours: readonly Neighbour[]): Float32Array {
  const sum = Float32Array.from(query)
  for (const { score, embedding } of neighbours.slice(0, neighbourCount)) {
    const weight = Math.max(0, score) ** alpha
    for (const [at, value] of embedding.entries()) sum[at] = (sum[at] ?? 0) + weight * value
  }
  return toUnitLength(sum, query.length)
}
