import { applyCalibration } from '../../bundles/calibration.js'
import type {
  Collection,
  CollectionStore,
  Hit,
  HitGroup,
  SearchAnswer,
} from '../../collections/collection-store.js'
import type { Filter, FilterLimits } from '../../collections/filter/filter.js'
import { parseFilter } from '../../collections/filter/parse-filter.js'
import { checkCropBox, type CropBox } from '../../images/crop-box.js'
import { InvalidFieldError, unexpectedField } from '../invalid-field.js'
import type { ServerMetrics } from '../metrics/server-metrics.js'
import type { ModelPool } from '../model-pool.js'
import type { PictureService } from './picture-service.js'

/** What is looked for: exactly one of a picture file, an item of the collection, an embedding. */
export type Query =
  { readonly picture: Uint8Array } | { readonly itemId: string } | { readonly embedding: Float32Array }

export interface SearchOptions {
  readonly k: number
  readonly exact: boolean
  readonly ef?: number
  readonly filter?: Filter
  /** Leaves out what scores lower. */
  readonly minScore?: number
  /** `group`, or a metadata field. */
  readonly groupBy?: string
  readonly groupSize: number
  /** The `nextCursor` of an answer to the same query. */
  readonly cursor?: string
  /** The part of the picture that counts; null for all of it. Only for a picture. */
  readonly crop: CropBox | null
}

/** A hit, and what its score means where the collection's model is calibrated. */
export interface CalibratedHit extends Hit {
  readonly probability?: number
}

/** At least one item, best first. */
export interface CalibratedGroup extends HitGroup {
  readonly items: readonly CalibratedHit[]
}

export interface SearchOutcome extends Omit<SearchAnswer, 'hits' | 'groups'> {
  readonly collection: Collection
  readonly hits: readonly CalibratedHit[]
  readonly groups: readonly CalibratedGroup[] | null
  /** null where the query was no picture. */
  readonly crop: CropBox | null
  /** Milliseconds. */
  readonly timings: { readonly decode: number; readonly embed: number; readonly search: number }
}

interface EmbeddedQuery {
  readonly embedding: Float32Array
  readonly excludeId?: string
  readonly decode: number
  readonly embed: number
}

/** What one search may ask for. */
export interface SearchLimits {
  readonly maxK: number
  readonly filter: FilterLimits
}

const wholePicture: CropBox = { x0: 0, y0: 0, x1: 1, y1: 1 }

/** Answers "what looks like this?". */
export class SearchService {
  readonly #store: CollectionStore
  readonly #pictures: PictureService
  readonly #models: Pick<ModelPool, 'calibrationOf'>
  readonly #limits: SearchLimits
  readonly #metrics: Pick<ServerMetrics, 'observe'>

  constructor(
    store: CollectionStore,
    pictures: PictureService,
    models: Pick<ModelPool, 'calibrationOf'>,
    limits: SearchLimits,
    metrics: Pick<ServerMetrics, 'observe'>,
  ) {
    this.#store = store
    this.#pictures = pictures
    this.#models = models
    this.#limits = limits
    this.#metrics = metrics
  }

  /**
   * @throws KindredError COLLECTION_NOT_FOUND, ITEM_NOT_FOUND, INVALID_REQUEST, INVALID_EMBEDDING, INVALID_FILTER,
   * INVALID_CURSOR, CURSOR_GONE, IMAGE_*, MODEL_NOT_FOUND, MODEL_MISMATCH, EMBEDDER_*
   */
  async search(
    name: string,
    query: Query,
    options: SearchOptions,
    signal: AbortSignal,
  ): Promise<SearchOutcome> {
    const { crop, ...how } = options
    const { maxK, filter: filterLimits } = this.#limits
    if (how.k > maxK) throw unexpectedField(`a whole number from 1 to ${maxK}`, 'k', how.k)
    // Before a picture is decoded for nothing.
    if (how.filter !== undefined) parseFilter(how.filter, filterLimits)
    if (crop !== null && !('picture' in query)) {
      throw new InvalidFieldError('crop', 'Only a picture can be cropped')
    }
    const box = 'picture' in query ? (crop ?? wholePicture) : null
    if (box !== null) checkCrop(box)

    const collection = await this.#store.getCollection(name)
    const { embedding, excludeId, decode, embed } = await this.#embed(collection, query, crop, signal)
    signal.throwIfAborted()
    const started = performance.now()
    const answer = await this.#store.search(name, {
      ...how,
      embedding,
      ...(excludeId !== undefined && { excludeId }),
      ...(collection.model !== null && { model: collection.model }),
    })
    const search = performance.now() - started
    this.#metrics.observe('search', search)
    const calibrate = await this.#calibration(collection.model)
    return {
      ...answer,
      collection,
      hits: answer.hits.map(calibrate),
      groups:
        answer.groups && answer.groups.map(({ group, items }) => ({ group, items: items.map(calibrate) })),
      crop: box,
      timings: { decode, embed, search },
    }
  }

  async #calibration(model: string | null): Promise<(hit: Hit) => CalibratedHit> {
    const calibration = model === null ? null : await this.#models.calibrationOf(model)
    if (calibration === null) return (hit) => hit
    return (hit) => ({ ...hit, probability: applyCalibration(calibration, hit.score) })
  }

  async #embed(
    collection: Collection,
    query: Query,
    crop: CropBox | null,
    signal: AbortSignal,
  ): Promise<EmbeddedQuery> {
    if ('embedding' in query) return { embedding: query.embedding, decode: 0, embed: 0 }
    if ('itemId' in query) {
      const embedding = await this.#store.getEmbedding(collection.name, query.itemId)
      return { embedding, excludeId: query.itemId, decode: 0, embed: 0 }
    }
    const options = { signal, ...(crop !== null && { crop }) }
    const { embedding, timings } = await this.#pictures.embedFor(collection, query.picture, options)
    return { embedding, ...timings }
  }
}

function checkCrop(box: CropBox): void {
  try {
    checkCropBox(box)
  } catch (cause) {
    throw new InvalidFieldError('crop', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
