/** The nearest rows kept so far: a heap with the farthest on top, so that memory is bounded by `capacity`. */
export class Nearest {
  readonly #scores: Float64Array
  readonly #rows: Int32Array
  #size = 0

  constructor(readonly capacity: number) {
    this.#scores = new Float64Array(capacity)
    this.#rows = new Int32Array(capacity)
  }

  /** Rows must come in rising order: of equal scores the lower row then stays. */
  offer(score: number, row: number): void {
    if (this.#size < this.capacity) {
      this.#size++
      this.#rise(this.#size - 1, score, row)
    } else if (this.capacity > 0 && score > (this.#scores[0] as number)) {
      this.#sink(score, row)
    }
  }

  /** Rows, nearest first; ties by row. */
  sorted(): number[] {
    const order = [...this.#rows.subarray(0, this.#size).keys()]
    order.sort((a, b) => this.#score(b) - this.#score(a) || this.#row(a) - this.#row(b))
    return order.map((slot) => this.#row(slot))
  }

  #score(slot: number): number {
    return this.#scores[slot] as number
  }

  #row(slot: number): number {
    return this.#rows[slot] as number
  }

  #place(slot: number, score: number, row: number): void {
    this.#scores[slot] = score
    this.#rows[slot] = row
  }

  /** Whether what lies in the slot goes before (score, row), that is, is nearer. */
  #isNearer(slot: number, score: number, row: number): boolean {
    const held = this.#score(slot)
    return held > score || (held === score && this.#row(slot) < row)
  }

  #rise(from: number, score: number, row: number): void {
    let slot = from
    while (slot > 0) {
      const parent = (slot - 1) >> 1
      if (!this.#isNearer(parent, score, row)) break
      this.#place(slot, this.#score(parent), this.#row(parent))
      slot = parent
    }
    this.#place(slot, score, row)
  }

  #sink(score: number, row: number): void {
    let slot = 0
    for (;;) {
      let child = 2 * slot + 1
      if (child >= this.#size) break
      const right = child + 1
      if (right < this.#size && this.#isNearer(child, this.#score(right), this.#row(right))) child = right
      if (this.#isNearer(child, score, row)) break
      this.#place(slot, this.#score(child), this.#row(child))
      slot = child
    }
    this.#place(slot, score, row)
  }
}
