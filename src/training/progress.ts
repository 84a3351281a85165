/** What a run tells while it works, for a progress bar. */
export type TrainProgress =
  /** Bytes of the init; the total is undefined where the server does not say. */
  | { readonly phase: 'fetching'; readonly done: number; readonly total: number | undefined }
  | { readonly phase: 'loading' | 'features' | 'validating'; readonly done: number; readonly total: number }
  | TrainingProgress

interface TrainingProgress {
  readonly phase: 'training'
  /** From 1. */
  readonly epoch: number
  readonly epochs: number
  /** Steps done, of the whole run. */
  readonly step: number
  readonly steps: number
  readonly loss: number
  /** What each part of the objective brought to the loss: `base`, and the regularisers by name. */
  readonly parts: Readonly<Record<string, number>>
  readonly imagesPerSecond: number
  /** Share of the time in which the step waited for pictures. */
  readonly waitShare: number
  readonly etaSeconds: number
}
