import type { InputTransform } from '../images/input-transform.js'

/** Turns prepared pictures into embeddings. Adapters: ONNX Runtime (`onnx-embedder.ts`). */
export interface Embedder {
  /** `NAME@FINGERPRINT` of the bundle; embeddings are comparable only within one such model. */
  readonly model: string
  readonly dimensions: number
  /** How a picture is prepared before it is handed to `embed`. */
  readonly input: InputTransform
  /**
   * Embeds prepared inputs, each of `3 * width * height` values in the transform's layout.
   *
   * @returns one unit-length embedding of `dimensions` values per input, in order
   * @throws KindredError EMBEDDER_CLOSED, EMBEDDER_FAILED, INVALID_ARGUMENT; the signal's reason when aborted
   */
  embed(inputs: readonly Float32Array[], options?: { signal?: AbortSignal }): Promise<Float32Array[]>
  /** Finishes what was accepted, then frees the network. */
  close(): Promise<void>
}
