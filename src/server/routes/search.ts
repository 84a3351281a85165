import type { CollectionStore } from '../../collections/collection-store.js'
import { Slots } from '../../collections/imports/slots.js'
import type { Api, Handlers } from '../contract/operation-types.js'
import { InvalidFieldError } from '../invalid-field.js'
import type { SearchService } from '../services/search-service.js'
import { toAnswer } from './search-answer.js'
import { toOptions, toQuery } from './search-request.js'

/** Queries of one batch under way at a time. */
const searchedAtOnce = 8

/** What a batch is read and bounded by. */
export interface BatchRules {
  /** Checks the body of a single search and fills in defaults. @throws KindredError INVALID_REQUEST */
  readonly check: (query: unknown) => Api<'Search'>
  readonly maxQueries: number
}

/** /v1/collections/{collection}/search */
export const searchHandlers = (
  store: CollectionStore,
  searches: SearchService,
  batch: BatchRules,
): Pick<Handlers, 'search' | 'searchBatch'> => {
  const answer = async (
    collection: string,
    body: Api<'Search'>,
    files: readonly Uint8Array[],
    { signal, startedAt }: { readonly signal: AbortSignal; readonly startedAt: number },
  ): Promise<Api<'SearchAnswer'>> => {
    const outcome = await searches.search(collection, toQuery(body, files), toOptions(body), signal)
    return toAnswer(outcome, body.include, startedAt)
  }
  return {
    async search({ path, body, files, ...call }) {
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
      const one = async (query: unknown) =>
        answer(name, batch.check(query), [], { signal, startedAt: performance.now() })
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
