import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Rerank, SearchQuery } from '../../collections/collection-store.js'
import type { FilterLimits } from '../../collections/filter/filter.js'
import { readFilter } from '../../collections/filter/read-filter.js'
import { KindredError } from '../../errors.js'

/** What `kindred search` is told. */
export interface SearchFlags {
  readonly collection: string
  readonly like?: string
  readonly positive?: readonly string[]
  readonly negative?: readonly string[]
  readonly k?: number
  readonly filter?: string
  readonly minScore?: number
  readonly groupBy?: string
  readonly groupSize?: number
  readonly collapse?: number
  readonly rerank?: Rerank
  readonly diversity?: number
  readonly candidates?: number
  readonly exact?: true
  readonly url?: string
  readonly key?: string
  readonly json?: true
}

/** A picture file, or an item of the collection. */
export type Example = { readonly name: string; readonly picture: Uint8Array } | { readonly itemId: string }

/** How a query is to be answered, as the store takes it. */
export type SearchOptions = Partial<
  Pick<
    SearchQuery,
    | 'k'
    | 'filter'
    | 'minScore'
    | 'groupBy'
    | 'groupSize'
    | 'collapse'
    | 'rerank'
    | 'diversity'
    | 'candidates'
    | 'exact'
  >
>

export interface SearchRequest {
  readonly collection: string
  /** At least one; the negative ones count less (see combineExamples). */
  readonly positive: readonly Example[]
  readonly negative: readonly Example[]
  readonly options: SearchOptions
}

/** How an item is told from a picture file where both can stand. */
const itemPrefix = 'item:'

/**
 * Reads what is looked for, and how.
 *
 * @param image picture named without a flag
 * @throws KindredError INVALID_ARGUMENT, INVALID_FILTER, IMAGE_UNREADABLE
 */
export async function readSearchRequest(
  image: string | undefined,
  flags: SearchFlags,
  limits: FilterLimits,
): Promise<SearchRequest> {
  const { collection, like, positive = [], negative = [] } = flags
  const sought = [...(image === undefined ? [] : [image]), ...(like === undefined ? [] : [itemPrefix + like])]
  const wanted = [...sought, ...positive]
  if (wanted.length === 0) {
    throw new KindredError('INVALID_ARGUMENT', 'There is nothing to look for', {
      hint: 'Name a picture, an item (--like ID), or examples (--positive).',
    })
  }
  const options = readOptions(flags, limits)
  return {
    collection,
    positive: await Promise.all(wanted.map(readExample)),
    negative: await Promise.all(negative.map(readExample)),
    options,
  }
}

function readOptions(flags: SearchFlags, limits: FilterLimits): SearchOptions {
  const { k, filter, minScore, groupBy, groupSize, collapse, rerank, diversity, candidates, exact } = flags
  if (groupSize !== undefined && groupBy === undefined) {
    throw new KindredError('INVALID_ARGUMENT', '--group-size belongs to --group-by')
  }
  return {
    ...(k !== undefined && { k }),
    ...(filter !== undefined && { filter: readFilter(filter, limits) }),
    ...(minScore !== undefined && { minScore }),
    ...(groupBy !== undefined && { groupBy }),
    ...(groupSize !== undefined && { groupSize }),
    ...(collapse !== undefined && { collapse }),
    ...(rerank !== undefined && { rerank }),
    ...(diversity !== undefined && { diversity }),
    ...(candidates !== undefined && { candidates }),
    ...(exact && { exact }),
  }
}

async function readExample(text: string): Promise<Example> {
  if (text.startsWith(itemPrefix)) return { itemId: text.slice(itemPrefix.length) }
  const picture = await readFile(text).catch((cause: unknown) => {
    throw new KindredError('IMAGE_UNREADABLE', `${text} cannot be read`, { cause })
  })
  return { name: path.basename(text), picture }
}
