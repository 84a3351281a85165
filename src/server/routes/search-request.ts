import type { Api } from '../contract/operation-types.js'
import type { Example, Query } from '../services/embed-query.js'
import type { SearchOptions } from '../services/search-service.js'
import { pictureOf } from './picture-source.js'

/** What a request looks for. */
export function toQuery(body: Api<'Search'>, files: readonly Uint8Array[]): Query {
  const { positive, negative = [] } = body
  if (positive === undefined) return toExample(body, files)
  return {
    positive: positive.map((example) => toExample(example)),
    negative: negative.map((example) => toExample(example)),
  }
}

function toExample(
  { itemId, embedding = [], ...picked }: Api<'Example'>,
  files: readonly Uint8Array[] = [],
): Example {
  const picture = pictureOf(files, picked)
  if (picture) return { picture }
  return itemId === undefined ? { embedding: Float32Array.from(embedding) } : { itemId }
}

/** How a request wants to be answered. */
export function toOptions(body: Api<'Search'>): SearchOptions {
  const { k, exact, groupSize, crop, include } = body
  const { ef, filter, minScore, groupBy, collapse, rerank, diversity, candidates, cursor } = body
  return {
    k,
    exact,
    groupSize,
    crop: crop ? toBox(crop) : null,
    withEmbeddings: include.includes('embedding'),
    ...(ef !== undefined && { ef }),
    ...(filter !== undefined && { filter }),
    ...(minScore !== undefined && { minScore }),
    ...(groupBy !== undefined && { groupBy }),
    ...(collapse !== undefined && { collapse }),
    ...(rerank !== undefined && { rerank }),
    ...(diversity !== undefined && { diversity }),
    ...(candidates !== undefined && { candidates }),
    ...(cursor !== undefined && { cursor }),
  }
}

const toBox = ([x0, y0, x1, y1]: Api<'Crop'>) => ({ x0, y0, x1, y1 })
