import { existsSync } from 'node:fs'
import type { Bundle } from '../../bundles/bundle.js'
import { applyCalibration } from '../../bundles/calibration.js'
import { findBundle } from '../../bundles/find-bundle.js'
import type { Collection } from '../../collections/collection.js'
import type { CollectionStore, Hit } from '../../collections/collection-store.js'
import { combineExamples } from '../../collections/combine-examples.js'
import { openEmbeddedStore } from '../../collections/embedded/embedded-store.js'
import type { Scalar } from '../../collections/filter/filter.js'
import {
  candidatesOf,
  findMisfit,
  isRefined,
  searchLimitsFrom,
  type SearchLimits,
} from '../../collections/search-limits.js'
import { flagOf, type Config } from '../../config.js'
import { embedImage } from '../../embedding/embed-image.js'
import type { Embedder } from '../../embedding/embedder.js'
import { expected, KindredError } from '../../errors.js'
import { imageLimitsFrom } from '../../images/limits.js'
import { createLogger } from '../../log.js'
import { withEmbedder } from '../open-embedder.js'
import type { FoundGroup, FoundItem, SearchAnswer } from './search-answer.js'
import type { Example, SearchRequest } from './search-request.js'

/** Searches the store of this machine. */
export async function searchHere(request: SearchRequest, config: Config): Promise<SearchAnswer> {
  const options = withinLimits(request, searchLimitsFrom(config))
  if (!existsSync(config.store)) {
    throw new KindredError('COLLECTION_NOT_FOUND', `There is no store at ${config.store}`, {
      hint: 'Fill one with: kindred index',
    })
  }
  const store = await openEmbeddedStore(config.store, { logger: createLogger('warn') })
  try {
    const collection = await store.getCollection(request.collection)
    const pictures = [...request.positive, ...request.negative].some((example) => 'picture' in example)
    const bundle = await bundleOf(collection, config, pictures)
    const embeddingOf = examplesOf(store, collection, config)
    const [positive, negative] =
      pictures && bundle !== null
        ? await withEmbedder(bundle, config, (embedder) =>
            embedAll(request, (one) => embeddingOf(one, embedder)),
          )
        : await embedAll(request, (one) => embeddingOf(one, null))
    const { model, dimensions } = collection
    const answer = await store.search(collection.name, {
      ...options,
      embedding: combineExamples(positive, negative, dimensions),
      excludeIds: [...request.positive, ...request.negative].flatMap((one) =>
        'itemId' in one ? [one.itemId] : [],
      ),
      ...(model !== null && { model }),
    })
    const calibration = collection.probabilities ? bundle?.manifest.calibration : undefined
    const calibrate = (hit: Hit): FoundItem =>
      calibration === undefined ? hit : { ...hit, probability: applyCalibration(calibration, hit.score) }
    const { hits, groups } = answer
    const results =
      groups === null
        ? hits.map(calibrate)
        : hits.map((hit, at) => toGroup(calibrate(hit), groups[at]?.group, groups[at]?.items.map(calibrate)))
    return { results, total: answer.total, model, exact: answer.exact, plan: answer.plan }
  } finally {
    await store.close()
  }
}

const toGroup = (
  { id, score, probability, collapsed }: FoundItem,
  group: Scalar | null = null,
  items: readonly FoundItem[] = [],
): FoundGroup => ({
  group,
  id,
  score,
  ...(probability !== undefined && { probability }),
  ...(collapsed !== undefined && { collapsed }),
  items,
})

/** The options with what is left open, held to the limits as a server would. @throws KindredError INVALID_ARGUMENT */
function withinLimits({ positive, negative, options }: SearchRequest, limits: SearchLimits) {
  const examples = positive.length + negative.length
  if (examples > limits.maxExamples) {
    throw expected(`at most ${limits.maxExamples} examples`, 'the search', examples)
  }
  const sized = { ...options, k: options.k ?? Math.min(10, limits.maxK) }
  const misfit = findMisfit(sized, limits)
  if (misfit !== null) throw expected(misfit.expected, flagOf(misfit.field), misfit.received)
  return isRefined(sized) ? { ...sized, candidates: candidatesOf(sized, limits) } : sized
}

/** @returns null where nothing has to be embedded and the model is not here */
async function bundleOf(
  { name, model }: Collection,
  config: Config,
  pictures: boolean,
): Promise<Bundle | null> {
  if (model === null) {
    if (!pictures) return null
    throw new KindredError('MODEL_MISMATCH', `${name} has no model, so a picture cannot be looked for in it`)
  }
  return findBundle(config.models, model).catch((thrown: unknown) => {
    if (!pictures && thrown instanceof KindredError && thrown.code === 'MODEL_NOT_FOUND') return null
    throw thrown
  })
}

const examplesOf =
  (store: CollectionStore, { name }: Collection, config: Config) =>
  async (example: Example, embedder: Embedder | null): Promise<Float32Array> => {
    if ('itemId' in example) return store.getEmbedding(name, example.itemId)
    if (embedder === null) throw new KindredError('INTERNAL', 'There is a picture and nothing to embed it')
    const { embedding } = await embedImage(embedder, example.picture, { limits: imageLimitsFrom(config) })
    return embedding
  }

const embedAll = (
  { positive, negative }: SearchRequest,
  embed: (example: Example) => Promise<Float32Array>,
): Promise<[Float32Array[], Float32Array[]]> =>
  Promise.all([Promise.all(positive.map(embed)), Promise.all(negative.map(embed))])
