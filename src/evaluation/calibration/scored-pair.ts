/** A query and one of its answers. */
export interface ScoredPair {
  /** Cosine similarity. */
  readonly score: number
  /** Whether both are of one class. */
  readonly same: boolean
}
