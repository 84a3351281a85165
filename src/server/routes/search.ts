import type { CollectionStore } from '../../collections/collection-store.js'
import { Slots } from '../../collections/imports/slots.js'
import type { Api, Handlers } from '../contract/operation-types.js'
import { InvalidFieldError } from '../invalid-field.js'
import type { ImageService } from '../services/image-service.js'
import type { SearchOutcome, SearchService } from '../services/search-service.js'
import { toAnswer } from './search-answer.js'
import { toOptions, toQuery } from './search-request.js'

/** Queries of one batch under way at a time. */
const searchedAtOnce = 8

/** What a batch is read and bounded by. */
export interface BatchRules {
  /** Checks the body of a single search and fills in defaults. @throws KindredError INVALID_REQUEST */
  readonly check: (query: unknown) => Api<'Search'>
  readonly maxQueries: number
  /** Of one search, or of a whole batch. */
  readonly maxThumbnails: number
}

/** /v1/collections/{collection}/search */
export const searchHandlers = (
  store: CollectionStore,
  searches: SearchService,
  images: Pick<ImageService, 'thumbnails'>,
  batch: BatchRules,
): Pick<Handlers, 'search' | 'searchBatch'> => {
  const answer = async (
    collection: string,
    body: Api<'Search'>,
    files: readonly Uint8Array[],
    {
      signal,
      startedAt,
      maxThumbnails,
    }: { readonly signal: AbortSignal; readonly startedAt: number; readonly maxThumbnails: number },
  ): Promise<Api<'SearchAnswer'>> => {
    checkThumbnails(body, maxThumbnails)
    const outcome = await searches.search(collection, toQuery(body, files), toOptions(body), signal)
    const thumbnails = body.include.includes('thumbnail')
      ? await images.thumbnails(outcome.collection.name, idsOf(outcome), signal)
      : new Map<string, string>()
    return toAnswer(outcome, body.include, startedAt, thumbnails)
  }
  return {
    async search({ path, body, files, signal, startedAt }) {
      const call = { signal, startedAt, maxThumbnails: batch.maxThumbnails }
      return { status: 200, body: await answer(path.collection, body, files, call) }
    },
    async searchBatch({ path, body: { queries }, signal, toProblem }) {
      if (queries.length > batch.maxQueries) {
        const message = `A batch takes at most ${batch.maxQueries} queries, not ${queries.length}`
        throw new InvalidFieldError('queries', message)
      }
      // What is wrong with all of them is the batch's own problem.
      const { name } = await store.getCollection(path.collection)
      const slots = new Slots(searchedAtOnce)
      const maxThumbnails = Math.floor(batch.maxThumbnails / queries.length)
      const one = async (query: unknown) =>
        answer(name, batch.check(query), [], { signal, startedAt: performance.now(), maxThumbnails })
      const answers = await Promise.all(
        queries.map((query) =>
          slots.run(() =>
            one(query).catch((thrown: unknown) => {
              signal.throwIfAborted()
              return toProblem(thrown)
            }),
          ),
        ),
      )
      return { status: 200, body: { answers } }
    },
  }
}

/** Before anything is searched for that cannot be sent. */
function checkThumbnails({ include, k, groupBy, groupSize }: Api<'Search'>, most: number): void {
  if (!include.includes('thumbnail') || k * (groupBy === undefined ? 1 : groupSize) <= most) return
  throw new InvalidFieldError('k', `Thumbnails come with at most ${most} items of one answer`)
}

const idsOf = ({ hits, groups }: SearchOutcome): string[] =>
  (groups === null ? hits : groups.flatMap(({ items }) => items)).map(({ id }) => id)
