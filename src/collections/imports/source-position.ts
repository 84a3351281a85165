import { createHash, type Hash } from 'node:crypto'
import type { CatalogueEntry } from '../../datasets/catalogues/catalogue-row.js'

/** How far a source was read, and what stood there: the digest is of the ids so far, in their order. */
export interface SourcePosition {
  readonly entries: number
  readonly digest: string
}

/** Follows the reading of a source, so that a later reading can tell whether it is the same up to a position. */
export class PositionTracker {
  readonly #hash: Hash = createHash('sha256')
  #entries = 0

  add(entry: CatalogueEntry): void {
    this.#entries++
    const id = entry.kind === 'row' ? `=${entry.row.id}` : `!${entry.error.id ?? ''}`
    this.#hash.update(`${id}\n`)
  }

  get entries(): number {
    return this.#entries
  }

  get position(): SourcePosition {
    return { entries: this.#entries, digest: this.#hash.copy().digest('hex') }
  }
}
