import type { Client } from '../../../client/client.js'
import { KindredError } from '../../../errors.js'
import type { EmbedFailure } from '../../../evaluation/embed-pictures.js'
import type { ImageLimits } from '../../../images/limits.js'
import { refusedPicture } from '../refused-picture.js'
import { sideBySide } from '../side-by-side.js'
import type { Gallery } from './gallery.js'
import { graphRecall, type BothAnswers } from './graph-recall.js'
import { judge, type Judgement, type OwnBy } from './judge.js'
import type { BenchQuery } from './query.js'
import { readQuery } from './read-query.js'
import { refuseIfNoneRight } from './refuse-if-none-right.js'
import type { RetrievalRun } from './retrieval-run.js'
import { searchDeep, type DeepAnswer, type FoundItem } from './search-deep.js'
import { summarise, type Asked, type Unread } from './summarise.js'

export interface RetrievalOptions {
  /** Metadata field that holds the class of an item, or `group`: to name it where it holds none. */
  readonly labelField: string
  /** The K of recall@K. */
  readonly ks: readonly number[]
  readonly seed: number
  /** Queries under way at a time. */
  readonly concurrency: number
  /** Whether each query is also answered exactly, to tell what the graph misses. */
  readonly exact: boolean
  readonly ef: number | null
  /** Most results that the server gives at a time. */
  readonly pageSize: number
  readonly ownBy: OwnBy
  readonly limits: ImageLimits
  /** Pictures that should have been in the collection. */
  readonly galleryFailures?: readonly EmbedFailure[]
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/**
 * Asks a running server each query and scores what it answers. A query whose picture cannot be read, or whose item is not in the
 * collection, is listed and skipped.
 *
 * @throws KindredError DATASET_INVALID where the collection has a right answer to none; what the server says
 */
export async function measureRetrieval(
  client: Client,
  collection: string,
  gallery: Gallery,
  queries: readonly BenchQuery[],
  options: RetrievalOptions,
): Promise<RetrievalRun> {
  const { concurrency, galleryFailures = [], onProgress, signal } = options
  refuseIfNoneRight(collection, gallery, queries, options.labelField)
  let done = 0
  const outcomes = await sideBySide(
    queries,
    concurrency,
    async (query) => {
      const outcome = await askOne(client, collection, gallery, query, options)
      onProgress?.(++done, queries.length)
      return outcome
    },
    signal,
  )
  const asked = outcomes.filter((outcome): outcome is Asked => 'answer' in outcome)
  const unread = outcomes.flatMap((outcome) => ('failure' in outcome ? outcome.failure : []))
  if (asked.every(({ judgement }) => judgement.right.size === 0)) {
    throw new KindredError(
      'DATASET_INVALID',
      `${collection} has a right answer to none of the queries but the queries themselves`,
      { hint: 'A class needs another item than the one that asks.' },
    )
  }
  const both = asked.flatMap(({ both }) => both ?? [])
  return {
    ...summarise(asked, [...galleryFailures, ...unread], gallery, options),
    graph: options.exact ? graphRecall(both, options.ks) : null,
  }
}

async function askOne(
  client: Client,
  collection: string,
  gallery: Gallery,
  query: BenchQuery,
  options: RetrievalOptions,
): Promise<Asked | Unread> {
  const { ks, exact, ef, pageSize, ownBy, limits, signal } = options
  try {
    const { body, contentHash } = await readQuery(query, limits)
    const judgement = judge(query, contentHash, gallery, ownBy)
    const depth = Math.min(gallery.labels.size, Math.max(judgement.right.size, ...ks) + judgement.own.size)
    const search = (exactly: boolean): Promise<DeepAnswer> =>
      searchDeep(client, collection, body, {
        depth,
        pageSize,
        exact: exactly,
        ef: exactly ? null : ef,
        ...(signal && { signal }),
      })
    const answer = await search(false)
    const found = withoutOwn(answer, judgement)
    if (!exact) return { query, contentHash, judgement, answer, found, both: null }
    return {
      query,
      contentHash,
      judgement,
      answer,
      found,
      both: bothAnswers(answer, await search(true), judgement),
    }
  } catch (thrown) {
    if (thrown instanceof KindredError && thrown.code === 'ITEM_NOT_FOUND') {
      return { failure: { path: query.id, code: thrown.code, reason: thrown.message } }
    }
    return { failure: refusedPicture(query.id, thrown) }
  }
}

const bothAnswers = (graph: DeepAnswer, exact: DeepAnswer, judgement: Judgement): BothAnswers => ({
  graph: withoutOwn(graph, judgement),
  exact: withoutOwn(exact, judgement),
  plan: graph.plan,
  graphMs: graph.timings.search,
  exactMs: exact.timings.search,
})

const withoutOwn = ({ found }: DeepAnswer, { own }: Judgement): FoundItem[] =>
  found.filter(({ id }) => !own.has(id))
