import type { CatalogueRowError } from '../../datasets/catalogues/catalogue-row.js'
import type { ChunkOutcomes, ImportCounts, ImportProgress } from './import-progress.js'
import type { SourcePosition } from './source-position.js'

interface Chunk {
  /** Where the source stands after it. */
  readonly end: SourcePosition
  outcomes: ChunkOutcomes | null
}

/**
 * Chunks end in any order; what can be relied on is the part of the source before the first that has not ended. Tells
 * of it as it grows.
 */
export class SettledPrefix {
  readonly #onProgress: ((progress: ImportProgress) => void) | undefined
  readonly #chunks: Chunk[] = []
  #counts: ImportCounts = { total: 0, embedded: 0, unchanged: 0, failed: 0 }

  constructor(onProgress: ((progress: ImportProgress) => void) | undefined) {
    this.#onProgress = onProgress
  }

  get counts(): ImportCounts {
    return this.#counts
  }

  /** Begins the next chunk of the source. @returns what ends it */
  open(end: SourcePosition): (outcomes: ChunkOutcomes) => void {
    const chunk: Chunk = { end, outcomes: null }
    this.#chunks.push(chunk)
    return (outcomes) => {
      chunk.outcomes = outcomes
      this.#advance()
    }
  }

  #advance(): void {
    const errors: CatalogueRowError[] = []
    let position: SourcePosition | null = null
    let lastId: string | null = null
    for (let [first] = this.#chunks; first?.outcomes != null; [first] = this.#chunks) {
      const { embedded, unchanged, errors: failed } = first.outcomes
      this.#counts = {
        total: this.#counts.total + embedded + unchanged + failed.length,
        embedded: this.#counts.embedded + embedded,
        unchanged: this.#counts.unchanged + unchanged,
        failed: this.#counts.failed + failed.length,
      }
      for (const error of failed) errors.push(error)
      position = first.end
      lastId = first.outcomes.lastId ?? lastId
      this.#chunks.shift()
    }
    if (position !== null) this.#onProgress?.({ position, counts: this.#counts, lastId, errors })
  }
}
