import { dotProduct } from '../dot-product.js'

/** Cosines between the embeddings of a list, each computed when it is first asked for. */
export class PairCosines {
  readonly #embeddings: readonly Float32Array[]
  readonly #known: Float64Array

  /** @param embeddings unit length; memory grows with the square of how many there are */
  constructor(embeddings: readonly Float32Array[]) {
    this.#embeddings = embeddings
    this.#known = new Float64Array(embeddings.length ** 2).fill(NaN)
  }

  /** @param a and `b`: positions in the list */
  of(a: number, b: number): number {
    const [low, high] = a < b ? [a, b] : [b, a]
    const at = low * this.#embeddings.length + high
    const known = this.#known[at] ?? NaN
    if (!Number.isNaN(known)) return known
    const [first, second] = [this.#embeddings[low], this.#embeddings[high]]
    if (first === undefined || second === undefined) throw new Error(`The list has no ${a} or no ${b}`)
    // Rounding can carry the cosine of equal embeddings past 1.
    return (this.#known[at] = Math.max(-1, Math.min(1, dotProduct(first, 0, second))))
  }
}
