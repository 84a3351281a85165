import type { TrainStepSettings } from './settings.js'

/** Milliseconds of one training step's parts. */
export interface StepTimes {
  /** Until the batch is there; 0 where it was ready before. */
  readonly data: number
  /** Network and loss, until the loss is known. */
  readonly forward: number
  readonly backward: number
  /** Clipping and AdamW. */
  readonly optimiser: number
}

/** Something that trains the same network on batches of the same size. */
export interface Trainer {
  readonly name: string
  /** Runs steps one after another. */
  run(steps: number): Promise<StepTimes[]>
  close(): Promise<void>
}

/** Where batches come from: normalised pictures, `3 * size * size * batch` values in NHWC order. */
export type NextBatch = (settings: TrainStepSettings) => Promise<Float32Array>

export const totalOf = ({ data, forward, backward, optimiser }: StepTimes): number =>
  data + forward + backward + optimiser
