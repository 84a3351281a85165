/** What tests and measurements may change about the embedded store; users need not. */
export interface Tuning {
  /** A collection of at most so many numbers (embeddings times dimensions) has no graph: a scan is as quick. */
  readonly scanBelow: number
  /** Changes to the graph after which it is saved; a graph larger than that waits for half its size. */
  readonly snapshotAfter: number
  /** Deleted points, for each that is left, from which on a graph is replaced by one without them. */
  readonly compactAt: number
  /** How long the graph is built at a stretch, in milliseconds; a call waits at most so long. */
  readonly sliceMs: number
}

export const defaultTuning: Tuning = {
  scanBelow: 1 << 20,
  snapshotAfter: 20_000,
  compactAt: 0.5,
  sliceMs: 5,
}
