import type { CollectionStore } from '../../collections/collection-store.js'
import { readIfSame } from '../../collections/imports/read-if-same.js'
import { Slots } from '../../collections/imports/slots.js'
import { KindredError, toKindredError, type ErrorCode } from '../../errors.js'
import type { ImageLimits } from '../../images/limits.js'
import type { MediaType } from '../../images/media-type.js'
import type { PictureDecoder } from '../../images/picture-decoder.js'

/** Thumbnails of one answer that are read at a time. */
const readAtOnce = 8

export type ImageSize = 'thumbnail' | 'original'

export interface ItemImage {
  readonly bytes: Uint8Array
  readonly mediaType: MediaType
  /** Changes when the bytes do. */
  readonly etag: string
}

interface ImageParts {
  readonly limits: ImageLimits
  /** Where pictures are decoded of which no thumbnail is kept. */
  readonly decoder: Pick<PictureDecoder, 'pictureToKeep'>
}

/** Shows the pictures of items, as far as something is kept of them. */
export class ImageService {
  readonly #store: CollectionStore
  readonly #parts: ImageParts

  constructor(store: CollectionStore, parts: ImageParts) {
    this.#store = store
    this.#parts = parts
  }

  /** @throws KindredError COLLECTION_NOT_FOUND, ITEM_NOT_FOUND, IMAGE_NOT_KEPT, IMAGE_TIMEOUT; the signal's reason */
  async get(collection: string, id: string, size: ImageSize, signal: AbortSignal): Promise<ItemImage> {
    const { limits, decoder } = this.#parts
    const { thumbnailSide } = await this.#store.getCollection(collection)
    const { contentHash, path, picture } = await this.#store.getKept(collection, id)
    const etag = size === 'original' ? `"${contentHash ?? ''}"` : `"${contentHash ?? ''}-${thumbnailSide}"`
    if (size === 'thumbnail' && picture?.kind === 'thumbnail') return { ...picture, etag }
    const original =
      picture?.kind === 'original'
        ? picture.bytes
        : path === null
          ? null
          : await readIfSame(path, contentHash, limits.maxBytes)
    if (original === null) throw notKept(id, size, picture !== null)
    const shown = await decoder.pictureToKeep(original, { keep: size, thumbnailSide }, { limits, signal })
    if (shown === null) throw notKept(id, size, false)
    return { ...shown, etag }
  }

  /**
   * Thumbnails of the answers to a search as data URIs (RFC 2397), by id; without those of which nothing is kept.
   *
   * @throws KindredError COLLECTION_NOT_FOUND; the signal's reason
   */
  async thumbnails(
    collection: string,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, string>> {
    const slots = new Slots(readAtOnce)
    const found = new Map<string, string>()
    const read = async (id: string): Promise<void> => {
      try {
        const { bytes, mediaType } = await this.get(collection, id, 'thumbnail', signal)
        found.set(id, `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`)
      } catch (thrown) {
        if (!nothingToShow.has(toKindredError(thrown).code)) throw thrown
      }
    }
    await Promise.all([...new Set(ids)].map((id) => slots.run(() => read(id))))
    return found
  }
}

/** What only means that there is nothing to show; the answer to a search is worth more than one thumbnail. */
const nothingToShow: ReadonlySet<ErrorCode> = new Set(['IMAGE_NOT_KEPT', 'ITEM_NOT_FOUND', 'IMAGE_TIMEOUT'])

function notKept(id: string, size: ImageSize, hasThumbnail: boolean): KindredError {
  const what = `The ${size} of ${JSON.stringify(id)} is not kept`
  return new KindredError('IMAGE_NOT_KEPT', what, hasThumbnail ? { hint: 'Ask for size=thumbnail.' } : {})
}
