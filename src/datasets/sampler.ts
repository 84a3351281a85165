/** What a resumed run needs to go on with the very next batch; plain data that JSON keeps. */
export interface SamplerState {
  readonly batchesDrawn: number
  /** Of the distance-aware sampler: which classes lie near each other, and from which batch on. */
  readonly neighbours?: readonly NeighbourLists[]
}

/** The classes nearest to each class, as indexes in the order of `indexesByClass`, the nearest first. */
export interface NeighbourLists {
  /** Number of the first batch that is drawn by them, counted from 0. */
  readonly fromBatch: number
  readonly nearest: readonly (readonly number[])[]
}

/** Says which pictures make up a batch. It depends on labels, settings, seed and, if any, refreshes alone. */
export interface Sampler {
  readonly batchSize: number
  /** ceil(images / batchSize): as many batches as it takes to draw as many pictures as there are. */
  readonly batchesPerEpoch: number
  /** Indexes of the next batch's images. It never ends. */
  next(): number[]
  /**
   * @param batches how many batches count as drawn: all that were, or fewer where some were drawn ahead and not used.
   * The state as it was when they were drawn, with every refresh since then.
   */
  state(batches?: number): SamplerState
  /**
   * Tells where the classes lie now; only a sampler that asks for it has this.
   *
   * @param means embeddings of each class averaged, of any length but 0
   * @param batchesUsed batches that training has used so far; those under way are drawn without it
   */
  readonly refresh?: (means: ReadonlyMap<string, Float32Array>, batchesUsed: number) => void
}

export interface SamplerSettings {
  readonly classesPerBatch: number
  readonly imagesPerClass: number
  readonly seed: number
}
