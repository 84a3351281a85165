import type { Api, Handlers } from '../contract/operation-types.js'
import type { Query, SearchOutcome, SearchService } from '../services/search-service.js'
import { pictureOf } from './picture-source.js'

/** /v1/collections/{collection}/search */
export const searchHandlers = (searches: SearchService): Pick<Handlers, 'search'> => ({
  async search({ path, body, files, signal, startedAt }) {
    const { crop, include } = body
    const options = { ...body, crop: crop ? toBox(crop) : null }
    const outcome = await searches.search(path.collection, toQuery(body, files), options, signal)
    return { status: 200, body: toAnswer(outcome, include, startedAt) }
  },
})

function toQuery({ base64, itemId, embedding = [] }: Api<'Search'>, files: readonly Uint8Array[]): Query {
  const picture = pictureOf(files, base64)
  if (picture) return { picture }
  return itemId === undefined ? { embedding: Float32Array.from(embedding) } : { itemId }
}

const toBox = ([x0, y0, x1, y1]: Api<'Crop'>) => ({ x0, y0, x1, y1 })

function toAnswer(
  outcome: SearchOutcome,
  include: Api<'Search'>['include'],
  startedAt: number,
): Api<'SearchAnswer'> {
  const { collection, hits, total, exact, indexedAt, crop, timings } = outcome
  const withMetadata = include.includes('metadata')
  return {
    results: hits.map(({ id, score, probability, group, metadata }) => ({
      id,
      score,
      ...(probability !== undefined && { probability }),
      group,
      ...(withMetadata && { metadata }),
    })),
    nextCursor: null,
    model: collection.model,
    collection: collection.name,
    total,
    exact,
    indexedAt,
    crop: crop && [crop.x0, crop.y0, crop.x1, crop.y1],
    timings: {
      decode: toMicroseconds(timings.decode),
      embed: toMicroseconds(timings.embed),
      search: toMicroseconds(timings.search),
      total: toMicroseconds(performance.now() - startedAt),
    },
  }
}

/** Milliseconds with three decimals. */
const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000
