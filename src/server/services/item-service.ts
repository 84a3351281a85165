import type { CollectionStore } from '../../collections/collection-store.js'
import type { Metadata, NewItem, PutResult } from '../../collections/item.js'
import { checkCondition, type ItemCondition } from '../../collections/item-condition.js'
import { hashOfBytes } from '../../collections/imports/read-picture.js'
import { KindredError, toKindredError } from '../../errors.js'
import type { GivenPicture, PictureService } from './picture-service.js'
import { withCurrentModel } from './with-current-model.js'

/** What an item is made from: a picture, or an embedding made elsewhere. */
export type ItemSource = { readonly picture: GivenPicture } | { readonly embedding: Float32Array }

export interface ItemText {
  readonly metadata?: Metadata
  readonly group?: string | null
}

interface PutOptions {
  /** null for none. */
  readonly condition: ItemCondition | null
  readonly signal: AbortSignal
}

type WriteOptions = NonNullable<Parameters<CollectionStore['putItems']>[2]>

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
   * URL_NOT_FETCHED, FETCH_*, MODEL_NOT_FOUND, MODEL_MISMATCH, EMBEDDER_*, PRECONDITION_FAILED
   */
  async put(
    collection: string,
    id: string,
    source: ItemSource,
    text: ItemText,
    options: PutOptions,
  ): Promise<PutResult> {
    const { condition, signal } = options
    if ('embedding' in source) {
      return this.#write(collection, { id, ...text, ...source }, { condition: condition ?? {} })
    }
    // Looked at again with the write; here so that nothing is fetched and embedded in vain.
    if (condition !== null) await this.#check(collection, id, condition)
    const { field } = source.picture
    const bytes = await this.#pictures.bytesOf(source.picture, signal)
    return withCurrentModel(() => this.#putPicture(collection, { id, ...text }, { bytes, field }, options))
  }

  async #putPicture(
    name: string,
    item: Omit<NewItem, 'embedding'>,
    given: { readonly bytes: Uint8Array; readonly field: string },
    { condition, signal }: PutOptions,
  ): Promise<PutResult> {
    const collection = await this.#store.getCollection(name)
    const { embedding } = await this.#pictures.embedFor(collection, given, { signal })
    const picture = await this.#pictures.keep(collection, given, signal)
    const contentHash = hashOfBytes(given.bytes)
    const { model } = collection
    const options = { condition: condition ?? {}, ...(model !== null && { model }) }
    return this.#write(name, { ...item, embedding, contentHash, picture }, options)
  }

  /** From here on the write is done, whoever still waits for it. */
  async #write(collection: string, item: NewItem, options: WriteOptions): Promise<PutResult> {
    const [result] = await this.#store.putItems(collection, [item], options)
    if (result === undefined)
      throw new KindredError('INTERNAL', `The store did not say what became of ${item.id}`)
    return result
  }

  async #check(collection: string, id: string, condition: ItemCondition): Promise<void> {
    const version = await this.#store.getItem(collection, id).then(
      (item) => item.version,
      (thrown: unknown) => {
        if (toKindredError(thrown).code === 'ITEM_NOT_FOUND') return null
        throw thrown
      },
    )
    checkCondition(id, version, condition)
  }

  /** @throws KindredError COLLECTION_NOT_FOUND, ITEM_NOT_FOUND, PRECONDITION_FAILED */
  async delete(collection: string, id: string, condition: ItemCondition | null): Promise<void> {
    const deleted = await this.#store.deleteItems(collection, [id], condition ?? {})
    if (deleted > 0) return
    throw new KindredError('ITEM_NOT_FOUND', `There is no item ${id} in the collection ${collection}`)
  }
}
