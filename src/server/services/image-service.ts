import type { CollectionStore } from '../../collections/collection-store.js'
import { readIfSame } from '../../collections/imports/read-if-same.js'
import { KindredError } from '../../errors.js'
import type { ImageLimits } from '../../images/limits.js'
import type { MediaType } from '../../images/media-type.js'
import { pictureToKeep } from '../../images/picture-to-keep.js'

export type ImageSize = 'thumbnail' | 'original'

export interface ItemImage {
  readonly bytes: Uint8Array
  readonly mediaType: MediaType
  /** Changes when the bytes do. */
  readonly etag: string
}

/** Shows the pictures of items, as far as something is kept of them. */
export class ImageService {
  readonly #store: CollectionStore
  readonly #limits: ImageLimits

  constructor(store: CollectionStore, limits: ImageLimits) {
    this.#store = store
    this.#limits = limits
  }

  /** @throws KindredError COLLECTION_NOT_FOUND, ITEM_NOT_FOUND, IMAGE_NOT_KEPT */
  async get(collection: string, id: string, size: ImageSize): Promise<ItemImage> {
    const { thumbnailSide } = await this.#store.getCollection(collection)
    const { contentHash, path, picture } = await this.#store.getKept(collection, id)
    const etag = size === 'original' ? `"${contentHash ?? ''}"` : `"${contentHash ?? ''}-${thumbnailSide}"`
    if (size === 'thumbnail' && picture?.kind === 'thumbnail') return { ...picture, etag }
    const original =
      picture?.kind === 'original'
        ? picture.bytes
        : path === null
          ? null
          : await readIfSame(path, contentHash, this.#limits.maxBytes)
    if (original === null) throw notKept(id, size, picture !== null)
    const shown = await pictureToKeep(original, { keep: size, thumbnailSide }, this.#limits)
    if (shown === null) throw notKept(id, size, false)
    return { ...shown, etag }
  }
}

function notKept(id: string, size: ImageSize, hasThumbnail: boolean): KindredError {
  const what = `The ${size} of ${JSON.stringify(id)} is not kept`
  return new KindredError('IMAGE_NOT_KEPT', what, hasThumbnail ? { hint: 'Ask for size=thumbnail.' } : {})
}
