import type { Api, Handlers } from '../contract/operation-types.js'
import type { Query } from '../services/embed-query.js'
import type { CalibratedHit, SearchOutcome, SearchService } from '../services/search-service.js'
import { pictureOf } from './picture-source.js'

/** /v1/collections/{collection}/search */
export const searchHandlers = (searches: SearchService): Pick<Handlers, 'search'> => ({
  async search({ path, body, files, signal, startedAt }) {
    const { crop, include, k, exact, ef, filter, minScore, groupBy, groupSize, cursor } = body
    const options = {
      k,
      exact,
      groupSize,
      crop: crop ? toBox(crop) : null,
      ...(ef !== undefined && { ef }),
      ...(filter !== undefined && { filter }),
      ...(minScore !== undefined && { minScore }),
      ...(groupBy !== undefined && { groupBy }),
      ...(cursor !== undefined && { cursor }),
    }
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
  const { collection, hits, groups, nextCursor, total, exact, plan, indexedAt, crop, timings } = outcome
  const withMetadata = include.includes('metadata')
  const toResult = (hit: CalibratedHit): Api<'SearchResult'> => ({
    ...foundOf(hit),
    group: hit.group,
    ...(withMetadata && { metadata: hit.metadata }),
  })
  return {
    results:
      groups === null
        ? hits.map(toResult)
        : hits.map((hit, at) => {
            const { group = null, items = [] } = groups[at] ?? {}
            return { group, ...foundOf(hit), items: items.map(toResult) }
          }),
    nextCursor,
    model: collection.model,
    collection: collection.name,
    total,
    exact,
    plan,
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

const foundOf = ({ id, score, probability }: CalibratedHit) => ({
  id,
  score,
  ...(probability !== undefined && { probability }),
})

/** Milliseconds with three decimals. */
const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000
