import { expected } from '../../../errors.js'
import { broadestSearch } from '../../collection-spec.js'
import type { SearchQuery } from '../../collection-store.js'
import { parseFilter } from '../../filter/parse-filter.js'
import { checkItemId } from '../../names.js'
import { checkWhole } from '../../ranges.js'
import { toUnitLength } from '../../unit-length.js'
import type { NearestQuery } from '../collection-calls.js'

const defaultGroupSize = 3
const largestGroup = 1000

/** Checks a query and gives it the form in which the collection's thread takes it. @throws KindredError INVALID_* */
export function toNearestQuery(query: SearchQuery, dimensions: number): NearestQuery {
  const { k, ef, excludeId, filter, minScore, groupBy, groupSize = defaultGroupSize } = query
  checkWhole('k', k, 1, broadestSearch)
  if (ef !== undefined) checkWhole('ef', ef, 1, broadestSearch)
  if (excludeId !== undefined) checkItemId(excludeId)
  if (minScore !== undefined && !(minScore >= -1 && minScore <= 1)) {
    throw expected('a number from -1 to 1', 'minScore', minScore)
  }
  if (groupBy !== undefined && (typeof groupBy !== 'string' || groupBy === '')) {
    throw expected('group or a metadata field', 'groupBy', groupBy)
  }
  checkWhole('groupSize', groupSize, 1, largestGroup)
  return {
    embedding: toUnitLength(query.embedding, dimensions),
    k,
    exact: query.exact === true,
    ...(ef !== undefined && { ef }),
    ...(excludeId !== undefined && { excludeId }),
    ...(filter !== undefined && { filter: parseFilter(filter) }),
    ...(minScore !== undefined && { minScore }),
    ...(groupBy !== undefined && { groups: { by: groupBy, size: groupSize } }),
  }
}

/** What pages of one search have in common besides the embedding; `k` may differ from page to page. */
export function scopeOf(collection: string, query: NearestQuery): string {
  const { filter = null, minScore = null, groups = null, excludeId = null } = query
  return JSON.stringify([collection, filter, minScore, groups, excludeId])
}
