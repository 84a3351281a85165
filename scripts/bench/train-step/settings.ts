import type { Architecture } from '../../../src/bundles/manifest.js'

/** What one step is: the network, the batch and what draws them. */
export interface TrainStepSettings {
  readonly architecture: Architecture & { readonly head: number }
  /** Pictures of a step. */
  readonly batch: number
  /** Side of the square pictures in pixels. */
  readonly size: number
  readonly seed: number
  readonly threads: number
}

/** AdamW and clipping of the measured steps, alike on both sides. */
export const learning = { rate: 1e-4, weightDecay: 1e-4, maxNorm: 1 }
