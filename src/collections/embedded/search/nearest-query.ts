import { expected } from '../../../errors.js'
import { broadestSearch } from '../../collection-spec.js'
import type { SearchQuery } from '../../collection-store.js'
import { parseFilter } from '../../filter/parse-filter.js'
import { checkItemId } from '../../names.js'
import { checkWhole } from '../../ranges.js'
import {
  candidatesOf,
  findMisfit,
  isRefined,
  mostCandidates,
  mostExamples,
  reranks,
} from '../../search-limits.js'
import { toUnitLength } from '../../unit-length.js'
import type { NearestQuery, Refinement } from '../collection-calls.js'

const defaultGroupSize = 3
const largestGroup = 1000
/** What the store itself can bear; a server allows less. */
const limits = { maxK: broadestSearch, maxCandidates: mostCandidates }

/** Checks a query and gives it the form in which the collection's thread takes it. @throws KindredError INVALID_* */
export function toNearestQuery(query: SearchQuery, dimensions: number): NearestQuery {
  const { k, ef, excludeIds = [], filter, minScore, groupBy, groupSize = defaultGroupSize } = query
  checkWhole('k', k, 1, broadestSearch)
  if (ef !== undefined) checkWhole('ef', ef, 1, broadestSearch)
  checkWhole('the number of excludeIds', excludeIds.length, 0, mostExamples)
  for (const id of excludeIds) checkItemId(id)
  if (minScore !== undefined) checkShare('minScore', minScore, -1)
  if (groupBy !== undefined && (typeof groupBy !== 'string' || groupBy === '')) {
    throw expected('group or a metadata field', 'groupBy', groupBy)
  }
  checkWhole('groupSize', groupSize, 1, largestGroup)
  if (query.candidates !== undefined) checkWhole('candidates', query.candidates, 1, mostCandidates)
  const misfit = findMisfit({ ...query, groupSize }, limits)
  if (misfit !== null) throw expected(misfit.expected, misfit.field, misfit.received)
  const refinement = toRefinement(query)
  return {
    embedding: toUnitLength(query.embedding, dimensions),
    k,
    exact: query.exact === true,
    withEmbeddings: query.withEmbeddings === true,
    ...(ef !== undefined && { ef }),
    ...(excludeIds.length > 0 && { excludeIds: [...excludeIds] }),
    ...(filter !== undefined && { filter: parseFilter(filter) }),
    ...(minScore !== undefined && { minScore }),
    ...(groupBy !== undefined && { groups: { by: groupBy, size: groupSize } }),
    ...(refinement !== null && { refinement }),
  }
}

/** What pages of one search have in common besides the embedding; `k` may differ from page to page. */
export function scopeOf(collection: string, query: NearestQuery): string {
  const { filter = null, minScore = null, groups = null, excludeIds = [], refinement = null } = query
  return JSON.stringify([collection, filter, minScore, groups, excludeIds, refinement])
}

/** @returns null where the nearest results are the answer */
function toRefinement(query: SearchQuery): Refinement | null {
  const { collapse, rerank, diversity } = query
  if (!isRefined(query)) return null
  if (collapse !== undefined) checkShare('collapse', collapse, 0)
  if (diversity !== undefined) checkShare('diversity', diversity, 0)
  if (rerank !== undefined && !reranks.includes(rerank)) {
    throw expected(`one of ${reranks.join(', ')}`, 'rerank', rerank)
  }
  return {
    candidates: candidatesOf(query, limits),
    ...(collapse !== undefined && { collapse }),
    ...(rerank !== undefined && { rerank }),
    ...(diversity !== undefined && { diversity }),
  }
}

function checkShare(name: string, value: number, low: number): void {
  if (!(value >= low && value <= 1)) throw expected(`a number from ${low} to 1`, name, value)
}
