import { KindredError } from '../../errors.js'
import type { FilterLimits, FilterNode } from './filter.js'
import { constrainsNothing, parseFilter } from './parse-filter.js'

/**
 * Parses a filter by which items are to be deleted.
 *
 * @param all whether it may match whatever there is
 * @throws KindredError INVALID_FILTER
 */
export function parseDeletion(filter: unknown, all: boolean, limits?: FilterLimits): FilterNode {
  const parsed = parseFilter(filter, limits)
  if (all || !constrainsNothing(parsed)) return parsed
  throw new KindredError(
    'INVALID_FILTER',
    'The filter says nothing about any field and would delete all items',
    {
      hint: 'Say so with "all": true.',
    },
  )
}
