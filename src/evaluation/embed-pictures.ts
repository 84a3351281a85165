import { setMaxListeners } from 'node:events'
import { readFile } from 'node:fs/promises'
import { embedImage } from '../embedding/embed-image.js'
import type { Embedder } from '../embedding/embedder.js'
import { expected, KindredError, type ErrorCode } from '../errors.js'
import type { CropBox } from '../images/crop-box.js'
import type { ImageLimits } from '../images/limits.js'

/** A picture on disk, or the part of it that counts. */
export interface Picture {
  /** Absolute path. */
  readonly path: string
  readonly box?: CropBox
}

export interface EmbedOptions {
  readonly limits?: ImageLimits
  /** How many pictures are under way at a time. */
  readonly concurrency?: number
  /** Told how many pictures are done, the failed ones among them. */
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** A picture that could not be embedded. */
export interface EmbedFailure {
  readonly path: string
  readonly code: ErrorCode
  readonly reason: string
}

export interface EmbeddedPictures<P extends Picture> {
  /** [images * dimensions], row by row, unit length. */
  readonly embeddings: Float32Array
  readonly dimensions: number
  /** The pictures that were embedded, one a row, in their order. */
  readonly images: readonly P[]
  readonly failures: readonly EmbedFailure[]
}

/**
 * Embeds pictures on the same road as indexing and serving. One that cannot be read or decoded is listed and skipped;
 * what goes wrong with the embedder itself ends the run.
 *
 * @throws KindredError EMBEDDER_*, INVALID_ARGUMENT; the signal's reason when aborted
 */
export async function embedPictures<P extends Picture>(
  embedder: Embedder,
  images: readonly P[],
  options: EmbedOptions = {},
): Promise<EmbeddedPictures<P>> {
  const { concurrency = 16, onProgress, signal } = options
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw expected('a positive whole number', 'concurrency', concurrency)
  }
  // Every picture under way listens; Node warns of a leak from 11 on.
  if (signal) setMaxListeners(2 * concurrency, signal)
  const outcomes = new Array<Float32Array | EmbedFailure>(images.length)
  let taken = 0
  let done = 0
  let stopped = false
  const work = async (): Promise<void> => {
    for (let index = taken++; index < images.length && !stopped; index = taken++) {
      const image = images[index]
      if (image === undefined) return
      signal?.throwIfAborted()
      outcomes[index] = await embedOne(embedder, image, options)
      onProgress?.(++done, images.length)
    }
  }
  const stopOthers = (thrown: unknown): never => {
    stopped = true
    throw thrown
  }
  await Promise.all(Array.from({ length: concurrency }, () => work().catch(stopOthers)))
  return collect(images, outcomes, embedder.dimensions)
}

async function embedOne(
  embedder: Embedder,
  image: Picture,
  { limits, signal }: EmbedOptions,
): Promise<Float32Array | EmbedFailure> {
  try {
    const bytes = await readFile(image.path).catch((cause: unknown) => {
      throw new KindredError('IMAGE_UNREADABLE', `The picture ${image.path} cannot be read`, { cause })
    })
    const embedded = await embedImage(embedder, bytes, {
      ...(limits && { limits }),
      ...(image.box && { crop: image.box }),
      ...(signal && { signal }),
    })
    return embedded.embedding
  } catch (thrown) {
    if (!(thrown instanceof KindredError) || !thrown.code.startsWith('IMAGE_')) throw thrown
    return { path: image.path, code: thrown.code, reason: thrown.message }
  }
}

function collect<P extends Picture>(
  images: readonly P[],
  outcomes: readonly (Float32Array | EmbedFailure)[],
  dimensions: number,
): EmbeddedPictures<P> {
  const kept = images.filter((_, index) => outcomes[index] instanceof Float32Array)
  const embeddings = new Float32Array(kept.length * dimensions)
  const failures: EmbedFailure[] = []
  let row = 0
  for (const outcome of outcomes) {
    if (outcome instanceof Float32Array) embeddings.set(outcome, dimensions * row++)
    else failures.push(outcome)
  }
  return { embeddings, dimensions, images: kept, failures }
}
