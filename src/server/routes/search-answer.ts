import type { Api } from '../contract/operation-types.js'
import type { CalibratedHit, SearchOutcome } from '../services/search-service.js'

/**
 * The body of an answer.
 *
 * @param startedAt performance.now() when the request began
 * @param thumbnails by the ids of items
 */
export function toAnswer(
  outcome: SearchOutcome,
  include: Api<'Search'>['include'],
  startedAt: number,
  thumbnails: ReadonlyMap<string, string>,
): Api<'SearchAnswer'> {
  const { collection, hits, groups, nextCursor, total, exact, plan, indexedAt, crop, timings } = outcome
  const withMetadata = include.includes('metadata')
  const toResult = (hit: CalibratedHit): Api<'SearchResult'> => ({
    ...foundOf(hit),
    group: hit.group,
    ...(withMetadata && { metadata: hit.metadata }),
    ...(hit.embedding && { embedding: [...hit.embedding] }),
    ...thumbnailOf(hit),
  })
  const thumbnailOf = ({ id }: CalibratedHit): { thumbnail?: string } => {
    const thumbnail = thumbnails.get(id)
    return thumbnail === undefined ? {} : { thumbnail }
  }
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

const foundOf = ({ id, score, probability, collapsed }: CalibratedHit) => ({
  id,
  score,
  ...(probability !== undefined && { probability }),
  ...(collapsed !== undefined && { collapsed }),
})

/** Milliseconds with three decimals. */
const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000
