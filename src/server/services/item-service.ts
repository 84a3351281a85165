import { createHash } from 'node:crypto'
import type { CollectionStore, Metadata, PutResult } from '../../collections/collection-store.js'
import { KindredError } from '../../errors.js'
import type { PictureService } from './picture-service.js'

/** What an item is made from: a picture file, or an embedding made elsewhere. */
export type ItemSource = { readonly picture: Uint8Array } | { readonly embedding: Float32Array }

export interface ItemText {
  readonly metadata?: Metadata
  readonly group?: string | null
}

/** Writes items; reading them needs nothing but the store. */
export class ItemService {
  readonly #store: CollectionStore
  readonly #pictures: PictureService

  constructor(store: CollectionStore, pictures: PictureService) {
    this.#store = store
    this.#pictures = pictures
  }

  /**
   * Writes one whole item, in place of the one with the same id.
   *
   * @throws KindredError COLLECTION_NOT_FOUND, INVALID_ARGUMENT, INVALID_EMBEDDING, INVALID_METADATA, IMAGE_*,
   * MODEL_NOT_FOUND, MODEL_MISMATCH, EMBEDDER_*
   */
  async put(
    collection: string,
    id: string,
    source: ItemSource,
    text: ItemText,
    signal: AbortSignal,
  ): Promise<PutResult> {
    const pixels = 'picture' in source ? await this.#embed(collection, source.picture, signal) : source
    // From here on the write is done, whoever still waits for it.
    const [result] = await this.#store.putItems(collection, [{ id, ...text, ...pixels }])
    if (result === undefined) throw new KindredError('INTERNAL', `The store did not say what became of ${id}`)
    return result
  }

  async #embed(name: string, picture: Uint8Array, signal: AbortSignal) {
    const collection = await this.#store.getCollection(name)
    const { embedding } = await this.#pictures.embedFor(collection, picture, { signal })
    return { embedding, contentHash: createHash('sha256').update(picture).digest('hex') }
  }

  /** @throws KindredError COLLECTION_NOT_FOUND, ITEM_NOT_FOUND */
  async delete(collection: string, id: string): Promise<void> {
    const deleted = await this.#store.deleteItems(collection, [id])
    if (deleted > 0) return
    throw new KindredError('ITEM_NOT_FOUND', `There is no item ${id} in the collection ${collection}`)
  }
}
