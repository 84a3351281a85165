import type {
  Collection,
  CollectionPatch,
  CollectionSpec,
  HnswSettings,
} from '../../collections/collection.js'
import type { CollectionStore } from '../../collections/collection-store.js'
import { refuseOtherSettings, type AskedSettings } from '../../collections/refuse-other-settings.js'
import { KindredError } from '../../errors.js'
import type { Keeping } from '../../images/picture-to-keep.js'
import { InvalidFieldError } from '../invalid-field.js'
import type { ModelPool } from '../model-pool.js'

export interface WantedCollection extends AskedSettings {
  /** A bundle's name or `NAME@FINGERPRINT`; null for embeddings only; absent for the default. */
  readonly model?: string | null
  readonly dimensions?: number
}

/** Also what cannot change: a client may send back all that it was given. */
export interface WantedChange extends Omit<CollectionPatch, 'hnsw'> {
  /** `NAME@FINGERPRINT` */
  readonly model?: string | null
  readonly dimensions?: number
  readonly hnsw?: Partial<HnswSettings>
}

/** Makes and changes collections; reading them needs nothing but the store. */
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
    const made = await this.#store.createCollection(name, { ...this.#keeping, ...settings, ...space })
    if (!made.created) refuseOtherSettings(made.collection, settings)
    return made
  }

  /** @throws KindredError COLLECTION_NOT_FOUND, SETTING_FIXED, INVALID_METADATA */
  async change(name: string, wanted: WantedChange): Promise<Collection> {
    const has = await this.#store.getCollection(name)
    const { model, dimensions, hnsw = {}, ...patch } = wanted
    const reindex = `POST /v1/collections/${has.name}/reindex embeds its items with another model.`
    // Named without its fingerprint it is the one that it has, as in PUT.
    const same = typeof model === 'string' && has.model?.startsWith(`${model}@`) === true
    refuseChange('model', has.model, same ? has.model : model, reindex)
    refuseChange('dimensions', has.dimensions, dimensions, reindex)
    const rebuild = 'Import the items into a new collection that has it, and point an alias there.'
    refuseChange('hnsw.m', has.hnsw.m, hnsw.m, rebuild)
    refuseChange('hnsw.efConstruction', has.hnsw.efConstruction, hnsw.efConstruction, rebuild)
    return this.#store.patchCollection(name, {
      ...patch,
      ...(hnsw.ef !== undefined && { hnsw: { ef: hnsw.ef } }),
    })
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

/** @throws KindredError SETTING_FIXED where another value is wanted than there is */
function refuseChange<T extends string | number | null>(
  setting: string,
  has: T,
  wanted: T | undefined,
  hint: string,
): void {
  if (wanted === undefined || wanted === has) return
  throw new KindredError(
    'SETTING_FIXED',
    `The ${setting} of a collection cannot change from ${has} to ${wanted}`,
    {
      hint,
    },
  )
}
