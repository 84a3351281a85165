/** Smallest room for rows beyond those wanted, so that thinning out stays rare. */
const spare = 512

/**
 * The rows that can be among the `wanted` nearest, by products that are off by at most `tolerance` each. What is left
 * at the end holds every one of the nearest; exact products tell which.
 */
export class Shortlist {
  readonly #wanted: number
  readonly #tolerance: number
  readonly #room: number
  #products: Float32Array
  #rows: Int32Array
  #size = 0
  #least = -Infinity

  constructor(wanted: number, tolerance: number) {
    this.#wanted = wanted
    this.#tolerance = tolerance
    this.#room = 2 * wanted + spare
    this.#products = new Float32Array(this.#room)
    this.#rows = new Int32Array(this.#room)
  }

  /** Products below this are too far off; it rises as rows are added. */
  get least(): number {
    return this.#least
  }

  add(product: number, row: number): void {
    if (this.#size === this.#products.length) this.#thinOut()
    this.#products[this.#size] = product
    this.#rows[this.#size] = row
    this.#size++
  }

  /** In the order in which they were added. */
  rows(): Int32Array {
    this.#thinOut()
    return this.#rows.subarray(0, this.#size)
  }

  /** Keeps what is within both errors of the last row that would be wanted; all of it where there are fewer. */
  #thinOut(): void {
    if (this.#size > this.#wanted) {
      const sorted = this.#products.slice(0, this.#size).sort()
      const last = sorted[this.#size - this.#wanted] as number
      this.#least = last - 2 * this.#tolerance
      let kept = 0
      for (let slot = 0; slot < this.#size; slot++) {
        if ((this.#products[slot] as number) < this.#least) continue
        this.#products[kept] = this.#products[slot] as number
        this.#rows[kept] = this.#rows[slot] as number
        kept++
      }
      this.#size = kept
    }
    // Many rows all but alike: room must grow, or every further row would thin out again.
    if (this.#products.length - this.#size < this.#room / 4) this.#grow()
  }

  #grow(): void {
    const length = 2 * this.#products.length
    const products = new Float32Array(length)
    const rows = new Int32Array(length)
    products.set(this.#products)
    rows.set(this.#rows)
    this.#products = products
    this.#rows = rows
  }
}
