/** A collection of seeded embeddings in clusters, and the queries on it. */
export interface ScaleSettings {
  /** Where the steps work; the store is its `store`. */
  readonly folder: string
  readonly items: number
  readonly dimensions: number
  readonly classes: number
  /** See clusteredEmbeddings. */
  readonly noise: number
  readonly queries: number
  /** Searches are measured for so long. */
  readonly seconds: number
  readonly seed: number
}

/** Answers of a search. */
export const k = 10
export const efs = [50, 100, 200]
/** Searches at a time. */
export const clients = 4
export const collection = 'bench'
