import type { CropBox } from '../images/crop-box.js'
import type { ImageLimits } from '../images/limits.js'
import { prepareInput, type PrepareInput } from '../images/prepare-input.js'
import { KindredError } from '../errors.js'
import type { Embedder } from './embedder.js'

export interface EmbedImageOptions {
  readonly limits?: ImageLimits
  /** The part of the picture to look at, after EXIF rotation. */
  readonly crop?: CropBox
  readonly signal?: AbortSignal
  /** Where pictures are decoded; in this process where absent. */
  readonly prepare?: PrepareInput
}

export interface EmbeddedImage {
  /** Unit length, `embedder.dimensions` values. */
  readonly embedding: Float32Array
  /** Milliseconds. `decode` covers all from bytes to network input; `embed` includes waiting for a run. */
  readonly timings: { readonly decode: number; readonly embed: number }
}

/**
 * Embeds an image file of any supported format.
 *
 * @throws KindredError IMAGE_* for the bytes, EMBEDDER_* for the network; the signal's reason when aborted
 */
export async function embedImage(
  embedder: Embedder,
  bytes: Uint8Array,
  options: EmbedImageOptions = {},
): Promise<EmbeddedImage> {
  const { limits, crop, signal, prepare = prepareInput } = options
  signal?.throwIfAborted()
  const started = performance.now()
  const input = await prepare(bytes, embedder.input, {
    ...(limits && { limits }),
    ...(crop && { crop }),
    ...(signal && { signal }),
  })
  const prepared = performance.now()
  const [embedding] = await embedder.embed([input], signal ? { signal } : {})
  if (embedding === undefined)
    throw new KindredError('EMBEDDER_FAILED', 'The embedder answered without an embedding')
  return { embedding, timings: { decode: prepared - started, embed: performance.now() - prepared } }
}
