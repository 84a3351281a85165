import { Shortlist } from './shortlist.js'
import { SimdProducts } from './simd-products.js'

/** Rows of a block: enough work for one call, little memory. The gallery's block fits the second cache. */
export const queriesPerBlock = 128
const galleryPerBlock = 256

/** What is searched: rows of unit length, [count * dimensions] each. */
export interface SearchRows {
  readonly queries: Float32Array
  readonly gallery: Float32Array
  readonly dimensions: number
}

/** Up to `queriesPerBlock` queries. */
export interface SearchBlock {
  /** Row of the first query. */
  readonly start: number
  /** How many neighbours each query wants; 0 leaves it out. */
  readonly depths: Int32Array
  /** Row of the gallery that each query must not find, or -1. */
  readonly own: Int32Array
}

/** The nearest gallery rows of a query, nearest first; ties by row. */
export interface Neighbours {
  readonly rows: Int32Array
  /** Cosine similarity, added up in float64. */
  readonly scores: Float64Array
}

/**
 * Finds nearest rows by comparing with every row. SIMD products in float32 make a shortlist that provably holds the
 * nearest; products in float64, dimensions added in order, decide. So equal rows score the same to the last bit.
 */
export class SearchEngine {
  readonly #rows: SearchRows
  readonly #simd: SimdProducts

  constructor(rows: SearchRows) {
    this.#rows = rows
    this.#simd = new SimdProducts(rows.dimensions, queriesPerBlock, galleryPerBlock)
  }

  /** @returns one answer a query of the block, in order */
  answer({ start, depths, own }: SearchBlock): Neighbours[] {
    const { queries, gallery, dimensions } = this.#rows
    const galleryCount = gallery.length / dimensions
    const lists = Array.from(depths, (depth) => new Shortlist(depth, this.#simd.tolerance))
    this.#simd.setQueries({ rows: queries, start, count: depths.length })
    for (let first = 0; first < galleryCount; first += galleryPerBlock) {
      const count = Math.min(galleryPerBlock, galleryCount - first)
      const { values, stride } = this.#simd.products(depths.length, { rows: gallery, start: first, count })
      lists.forEach((list, i) => {
        if (depths[i] !== 0)
          offer(list, values.subarray(i * stride, i * stride + count), first, own[i] as number)
      })
    }
    return lists.map((list, i) => this.#decide(start + i, list.rows(), depths[i] as number))
  }

  #decide(query: number, candidates: Int32Array, depth: number): Neighbours {
    const scores = Float64Array.from(candidates, (row) => this.#score(query, row))
    // Rows were added in rising order, so a stable sort leaves ties in the order of rows.
    const order = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number))
    const kept = order.slice(0, depth)
    return {
      rows: Int32Array.from(kept, (slot) => candidates[slot] as number),
      scores: Float64Array.from(kept, (slot) => scores[slot] as number),
    }
  }

  #score(query: number, row: number): number {
    const { queries, gallery, dimensions } = this.#rows
    const [from, to] = [query * dimensions, row * dimensions]
    let sum = 0
    for (let d = 0; d < dimensions; d++) sum += (queries[from + d] as number) * (gallery[to + d] as number)
    return sum
  }
}

function offer(list: Shortlist, products: Float32Array, first: number, own: number): void {
  let least = list.least
  for (let j = 0; j < products.length; j++) {
    const product = products[j] as number
    if (product < least || first + j === own) continue
    list.add(product, first + j)
    least = list.least
  }
}
