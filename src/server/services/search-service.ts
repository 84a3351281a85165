import { applyCalibration } from '../../bundles/calibration.js'
import type { Collection } from '../../collections/collection.js'
import type {
  CollectionStore,
  Hit,
  HitGroup,
  SearchAnswer,
  SearchQuery,
} from '../../collections/collection-store.js'
import { parseFilter } from '../../collections/filter/parse-filter.js'
import { candidatesOf, findMisfit, isRefined, type SearchLimits } from '../../collections/search-limits.js'
import { checkCropBox, type CropBox } from '../../images/crop-box.js'
import { InvalidFieldError, unexpectedField } from '../invalid-field.js'
import type { StageObserver } from '../metrics/server-metrics.js'
import type { ModelPool } from '../model-pool.js'
import { embedQuery, type Query } from './embed-query.js'
import type { PictureService } from './picture-service.js'
import { withCurrentModel } from './with-current-model.js'

/** As the store takes them. */
export interface SearchOptions extends Omit<SearchQuery, 'embedding' | 'excludeIds' | 'model'> {
  /** The part of the picture that counts; null for all of it. Only for a picture. */
  readonly crop: CropBox | null
}

/** A hit, and what its score means where the collection's model is calibrated for what is in it. */
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

const wholePicture: CropBox = { x0: 0, y0: 0, x1: 1, y1: 1 }

/** Answers "what looks like this?". */
export class SearchService {
  readonly #store: CollectionStore
  readonly #pictures: PictureService
  readonly #models: Pick<ModelPool, 'calibrationOf'>
  readonly #limits: SearchLimits
  readonly #stages: StageObserver

  constructor(
    store: CollectionStore,
    pictures: PictureService,
    models: Pick<ModelPool, 'calibrationOf'>,
    limits: SearchLimits,
    stages: StageObserver,
  ) {
    this.#store = store
    this.#pictures = pictures
    this.#models = models
    this.#limits = limits
    this.#stages = stages
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
    // Before a picture is decoded for nothing.
    this.#check(query, how)
    if (crop !== null && !('picture' in query)) {
      throw new InvalidFieldError('crop', 'Only a picture can be cropped')
    }
    const box = 'picture' in query ? (crop ?? wholePicture) : null
    if (box !== null) checkCrop(box)

    return withCurrentModel(() => this.#answer(name, query, { how, crop, box }, signal))
  }

  async #answer(
    name: string,
    query: Query,
    {
      how,
      crop,
      box,
    }: {
      readonly how: Omit<SearchOptions, 'crop'>
      readonly crop: CropBox | null
      readonly box: CropBox | null
    },
    signal: AbortSignal,
  ): Promise<SearchOutcome> {
    const collection = await this.#store.getCollection(name)
    const parts = { collection, store: this.#store, pictures: this.#pictures, crop, signal }
    const { embedding, excludeIds, decode, embed } = await embedQuery(query, parts)
    signal.throwIfAborted()
    const started = performance.now()
    const answer = await this.#store.search(name, {
      ...how,
      embedding,
      excludeIds,
      ...(isRefined(how) && { candidates: candidatesOf(how, this.#limits) }),
      ...(collection.model !== null && { model: collection.model }),
    })
    const search = performance.now() - started
    this.#stages.observe('search', search)
    const calibrate = await this.#calibration(collection)
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

  async #calibration({ model, probabilities }: Collection): Promise<(hit: Hit) => CalibratedHit> {
    const calibration = model === null || !probabilities ? null : await this.#models.calibrationOf(model)
    if (calibration === null) return (hit) => hit
    return (hit) => ({ ...hit, probability: applyCalibration(calibration, hit.score) })
  }

  #check(query: Query, how: Omit<SearchOptions, 'crop'>): void {
    const misfit = findMisfit(how, this.#limits)
    if (misfit !== null) throw unexpectedField(misfit.expected, misfit.field, misfit.received)
    if (how.filter !== undefined) parseFilter(how.filter, this.#limits.filter)
    if (!('positive' in query)) return
    const { maxExamples } = this.#limits
    const count = query.positive.length + query.negative.length
    if (count > maxExamples) {
      throw new InvalidFieldError(
        'positive',
        `A query takes at most ${maxExamples} examples, positive and negative together, not ${count}`,
      )
    }
  }
}

function checkCrop(box: CropBox): void {
  try {
    checkCropBox(box)
  } catch (cause) {
    throw new InvalidFieldError('crop', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
