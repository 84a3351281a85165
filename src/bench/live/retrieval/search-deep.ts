import type { Answer, Client } from '../../../client/client.js'
import { patiently } from '../patience.js'
import type { SearchBody } from './read-query.js'

type SearchAnswer = Answer<'search'>
export type Timings = SearchAnswer['timings']

export interface FoundItem {
  readonly id: string
  /** Cosine similarity. */
  readonly score: number
}

export interface DeepAnswer {
  /** Best first. */
  readonly found: readonly FoundItem[]
  readonly model: string | null
  /** How the server found it; of the first page. */
  readonly plan: SearchAnswer['plan']
  /** The server's own milliseconds; of the first page. */
  readonly timings: Timings
}

export interface SearchDepth {
  /** Results wanted, over as many pages as it takes. */
  readonly depth: number
  /** Most results that the server gives at a time. */
  readonly pageSize: number
  readonly exact: boolean
  readonly ef: number | null
  readonly signal?: AbortSignal
}

/** Searches as deep as is asked for, page by page. @throws KindredError what the server says */
export async function searchDeep(
  client: Client,
  collection: string,
  body: SearchBody,
  { depth, pageSize, exact, ef, signal }: SearchDepth,
): Promise<DeepAnswer> {
  const found: FoundItem[] = []
  let first: SearchAnswer | undefined
  let cursor: string | null = null
  do {
    const options = {
      k: Math.min(pageSize, depth - found.length),
      exact,
      include: [],
      ...(ef !== null && { ef }),
      ...(cursor !== null && { cursor }),
    }
    const answer: SearchAnswer = await patiently(
      () =>
        client.search({
          path: { collection },
          body: { ...defaults, ...body, ...options },
          ...(signal && { signal }),
        }),
      signal,
    )
    first ??= answer
    for (const { id, score } of answer.results) found.push({ id, score })
    cursor = answer.nextCursor
  } while (cursor !== null && found.length < depth)
  const { model, plan, timings } = first
  return { found, model, plan, timings }
}

/** What the contract has defaults for must be written all the same, for its types. */
const defaults = { groupSize: 3 } as const
