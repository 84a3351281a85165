import type { NativeGuard } from '../native-guard.js'

/** What the worker needs to open a session. */
export interface OnnxSettings {
  /** Absolute path, so that ONNX Runtime finds external tensors beside it. */
  readonly file: string
  readonly inputName: string
  readonly outputName: string
  /** Shape of one input, `[3, H, W]` or `[H, W, 3]`. */
  readonly inputShape: readonly [number, number, number]
  /** Values of one embedding. */
  readonly dimensions: number
  /** An execution provider's name in ONNX Runtime. */
  readonly provider: string
  readonly threads: number
}

/** Its `workerData`. */
export interface OnnxWorkerData {
  readonly settings: OnnxSettings
  /** Tells the process when it may end. */
  readonly guard: NativeGuard
}

/** One thing at a time: a request is answered before the next is sent. */
export type ToOnnxWorker =
  | {
      readonly kind: 'run'
      /** `[count, ...inputShape]`, transferred. */
      readonly values: Float32Array<ArrayBuffer>
      readonly count: number
    }
  | { readonly kind: 'close' }

export type FromOnnxWorker =
  | {
      readonly kind: 'ready'
      /** The number of inputs that each run must have; null for any. */
      readonly fixedBatch: number | null
    }
  | {
      readonly kind: 'embedded'
      /** `[count, dimensions]`, as the network gave them, transferred. */
      readonly values: Float32Array<ArrayBuffer>
    }
  | { readonly kind: 'failed'; readonly message: string }
