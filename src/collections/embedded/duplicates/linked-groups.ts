import { KindredError } from '../../../errors.js'
import type { FoundLinks } from './near-links.js'

/** Labels that links hold together, each with its similarity to the nearest of the others. */
export class LinkedGroups {
  readonly #most: number
  /** Disjoint sets: the way to the label that stands for the set. */
  readonly #parents = new Map<number, number>()
  readonly #nearest = new Map<number, number>()
  #items = 0

  /** @param most items in groups */
  constructor(most: number) {
    this.#most = most
  }

  /** @throws KindredError TOO_MANY_DUPLICATES */
  add({ links, shared }: Pick<FoundLinks, 'links' | 'shared'>): void {
    for (const [label, items] of shared) {
      this.#note(label, 1)
      // The label itself is counted as one already.
      this.#items += items - 1
    }
    for (const [label, other, similarity] of links) {
      this.#note(label, similarity)
      this.#note(other, similarity)
      this.#parents.set(this.#rootOf(label), this.#rootOf(other))
    }
    if (this.#items > this.#most) {
      throw new KindredError('TOO_MANY_DUPLICATES', `More than ${this.#most} items have duplicates`)
    }
  }

  /** The labels of each group. */
  groups(): number[][] {
    const groups = new Map<number, number[]>()
    for (const label of this.#parents.keys()) {
      const root = this.#rootOf(label)
      const group = groups.get(root)
      if (group === undefined) groups.set(root, [label])
      else group.push(label)
    }
    return [...groups.values()]
  }

  similarityOf(label: number): number {
    return this.#nearest.get(label) ?? 0
  }

  #note(label: number, similarity: number): void {
    if (!this.#parents.has(label)) {
      this.#parents.set(label, label)
      this.#items++
    }
    this.#nearest.set(label, Math.max(this.#nearest.get(label) ?? -1, similarity))
  }

  #rootOf(label: number): number {
    let root = label
    for (
      let next = this.#parents.get(root);
      next !== undefined && next !== root;
      next = this.#parents.get(root)
    ) {
      root = next
    }
    // The way is short the next time.
    for (let at = label; at !== root;) {
      const next = this.#parents.get(at) ?? root
      this.#parents.set(at, root)
      at = next
    }
    return root
  }
}
