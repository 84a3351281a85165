import type { LabelledImage } from '../datasets/labelled-set.js'

/** Writes an example that is ready into a batch, from `offset` on. */
export type WriteExample = (into: Float32Array, offset: number) => void

/** A labelled set as a student takes it. */
export interface Examples {
  /** The readable pictures, one that counts more often as often; `index` below counts in it. */
  readonly images: readonly LabelledImage[]
  /** Each once. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[]
  /** Bytes that are kept, in memory or in a file. */
  readonly bytes: number
  /** The example as serving would see it. */
  plain(index: number): Promise<WriteExample>
  /** The example changed at random, by the run's seed, the step and the place in the batch alone. */
  drawn(index: number, step: number, place: number): Promise<WriteExample>
}
