import type { Collection, CollectionSpec, CollectionStore } from '../../collections/collection-store.js'
import type { Keeping } from '../../images/picture-to-keep.js'
import { InvalidFieldError } from '../invalid-field.js'
import type { ModelPool } from '../model-pool.js'

export interface WantedCollection extends Pick<CollectionSpec, 'fields' | 'hnsw' | 'keep' | 'thumbnailSide'> {
  /** A bundle's name or `NAME@FINGERPRINT`; null for embeddings only; absent for the default. */
  readonly model?: string | null
  readonly dimensions?: number
}

/** Makes collections; reading them needs nothing but the store. */
export class CollectionService {
  readonly #store: CollectionStore
  readonly #models: ModelPool
  readonly #keeping: Keeping

  /** @param keeping of collections that do not say what they keep of pictures */
  constructor(store: CollectionStore, models: ModelPool, keeping: Keeping) {
    this.#store = store
    this.#models = models
    this.#keeping = keeping
  }

  /** @throws KindredError COLLECTION_EXISTS, MODEL_NOT_FOUND, INVALID_REQUEST */
  async create(
    name: string,
    wanted: WantedCollection,
  ): Promise<{ collection: Collection; created: boolean }> {
    const { model, dimensions, ...settings } = wanted
    const space = await this.#space(model, dimensions)
    return this.#store.createCollection(name, { ...this.#keeping, ...settings, ...space })
  }

  /** The model and the dimensions that go together. */
  async #space(
    model: string | null | undefined,
    dimensions: number | undefined,
  ): Promise<Pick<CollectionSpec, 'model' | 'dimensions'>> {
    if (model === null || (model === undefined && dimensions !== undefined)) {
      if (dimensions !== undefined) return { model: null, dimensions }
      throw new InvalidFieldError('dimensions', 'A collection without a model needs its dimensions')
    }
    const bundle = await this.#models.find(model ?? this.#models.defaultModel)
    const made = bundle.manifest.embedding.dimensions
    if (dimensions === undefined || dimensions === made) return { model: bundle.model, dimensions: made }
    throw new InvalidFieldError('dimensions', `${bundle.model} has ${made} dimensions, not ${dimensions}`)
  }
}
