import { embedImage, type EmbeddedImage } from '../../embedding/embed-image.js'
import type { CropBox } from '../../images/crop-box.js'
import type { PictureFetcher } from '../../images/fetch/picture-fetcher.js'
import type { ImageLimits } from '../../images/limits.js'
import type { PrepareInput } from '../../images/prepare-input.js'
import type { PictureDecoder } from '../../images/picture-decoder.js'
import type { Keeping, KeptPicture } from '../../images/picture-to-keep.js'
import { KindredError } from '../../errors.js'
import { inField } from '../invalid-field.js'
import type { Embedder } from '../../embedding/embedder.js'
import type { PictureQueue } from '../load/picture-queue.js'
import type { StageObserver } from '../metrics/server-metrics.js'
import type { ModelPool } from '../model-pool.js'

export interface EmbeddedPicture {
  readonly embedding: Float32Array
  /** `NAME@FINGERPRINT` of the model that made it. */
  readonly model: string
  /** Milliseconds. */
  readonly timings: { readonly decode: number; readonly embed: number }
}

export interface PictureOptions {
  readonly crop?: CropBox
  readonly signal: AbortSignal
}

/** The bytes of a picture, or where it is to be fetched, and the field of the request that gives it. */
export type GivenPicture = { readonly field: string } & (
  { readonly bytes: Uint8Array } | { readonly url: string }
)

interface PictureParts {
  readonly limits: ImageLimits
  /** Gets pictures that are given by URL. */
  readonly fetcher: Pick<PictureFetcher, 'fetch'>
  /** Where pictures wait for their turn. */
  readonly queue: PictureQueue
  /** Where pictures are decoded. */
  readonly decoder: PictureDecoder
  readonly stages: StageObserver
}

/** Turns picture files into embeddings with any of the server's models. */
export class PictureService {
  readonly #models: ModelPool
  readonly #parts: PictureParts

  constructor(models: ModelPool, parts: PictureParts) {
    this.#models = models
    this.#parts = parts
  }

  /**
   * Embeds a picture for a collection.
   *
   * @throws KindredError MODEL_MISMATCH where the collection takes only embeddings; MODEL_NOT_FOUND, IMAGE_*,
   * URL_NOT_FETCHED, FETCH_*, EMBEDDER_*, OVERLOADED
   */
  async embedFor(
    collection: { readonly name: string; readonly model: string | null; readonly dimensions: number },
    picture: GivenPicture,
    options: PictureOptions,
  ): Promise<EmbeddedPicture> {
    const { name, model, dimensions } = collection
    if (model === null) {
      throw new KindredError(
        'MODEL_MISMATCH',
        `The collection ${name} has no model that could embed a picture`,
        {
          hint: `Send an embedding of ${dimensions} values.`,
        },
      )
    }
    const bytes = await this.bytesOf(picture, options.signal)
    return inField(picture.field, () => this.embed(model, bytes, options))
  }

  /** @throws KindredError URL_NOT_FETCHED, FETCH_*, IMAGE_TOO_LARGE, IMAGE_UNSUPPORTED */
  async bytesOf(picture: GivenPicture, signal: AbortSignal): Promise<Uint8Array> {
    if ('bytes' in picture) return picture.bytes
    return inField(picture.field, () => this.#parts.fetcher.fetch(picture.url, signal))
  }

  /** What a collection keeps of a picture. @throws KindredError IMAGE_* */
  async keep(
    collection: Keeping,
    { bytes, field }: { readonly bytes: Uint8Array; readonly field: string },
    signal: AbortSignal,
  ): Promise<KeptPicture | null> {
    const { limits, decoder } = this.#parts
    return inField(field, () => decoder.pictureToKeep(bytes, collection, { limits, signal }))
  }

  /** @param model a bundle's name or `NAME@FINGERPRINT` */
  async embed(model: string, picture: Uint8Array, options: PictureOptions): Promise<EmbeddedPicture> {
    const embedder = await this.#models.embedderFor(model)
    const [embedded] = await this.#embed(embedder, [picture], options)
    if (embedded === undefined)
      throw new KindredError('EMBEDDER_FAILED', 'A picture came back without an embedding')
    return { ...embedded, model: embedder.model }
  }

  /** Embeds several pictures with one model, in order; the first failure is the answer. */
  async embedAll(
    model: string | undefined,
    pictures: readonly Uint8Array[],
    signal: AbortSignal,
  ): Promise<{ embeddings: readonly Float32Array[]; model: string }> {
    const embedder = await this.#models.embedderFor(model ?? this.#models.defaultModel)
    const embedded = await this.#embed(embedder, pictures, { signal })
    return { embeddings: embedded.map(({ embedding }) => embedding), model: embedder.model }
  }

  #embed(
    embedder: Embedder,
    pictures: readonly Uint8Array[],
    options: PictureOptions,
  ): Promise<EmbeddedImage[]> {
    const { limits, queue, decoder, stages } = this.#parts
    const prepare: PrepareInput = (...args) => decoder.prepareInput(...args)
    const works = pictures.map((picture) => async () => {
      const embedded = await embedImage(embedder, picture, { limits, prepare, ...options })
      stages.observe('decode', embedded.timings.decode)
      stages.observe('embed', embedded.timings.embed)
      return embedded
    })
    return queue.run(works, options.signal)
  }
}
