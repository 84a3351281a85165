/** A set of whole numbers from 0 to 2^32 - 1, one bit each up to the largest. */
export class BitSet {
  #words: Uint32Array
  #size = 0

  /** @param largest what it will hold at most, about; it grows beyond */
  constructor(largest = 0) {
    this.#words = new Uint32Array((largest >>> 5) + 1)
  }

  get size(): number {
    return this.#size
  }

  add(value: number): void {
    const at = value >>> 5
    if (at >= this.#words.length) {
      const grown = new Uint32Array(Math.max(at + 1, 2 * this.#words.length))
      grown.set(this.#words)
      this.#words = grown
    }
    const word = this.#words[at] ?? 0
    const bit = 1 << (value & 31)
    if ((word & bit) !== 0) return
    this.#words[at] = word | bit
    this.#size++
  }

  /** Never throws: the graph asks this from native code. */
  has(value: number): boolean {
    return ((this.#words[value >>> 5] ?? 0) & (1 << (value & 31))) !== 0
  }

  /** In ascending order. */
  values(): number[] {
    const found: number[] = []
    for (const [at, word] of this.#words.entries()) {
      for (let rest = word; rest !== 0; rest &= rest - 1) found.push(at * 32 + 31 - Math.clz32(rest & -rest))
    }
    return found
  }
}
