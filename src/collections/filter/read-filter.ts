import type { Config } from '../../config.js'
import { KindredError } from '../../errors.js'
import type { Filter, FilterLimits } from './filter.js'
import { parseFilter } from './parse-filter.js'

export const filterLimitsFrom = (
  config: Pick<Config, 'maxFilterDepth' | 'maxFilterTerms'>,
): FilterLimits => ({
  depth: config.maxFilterDepth,
  terms: config.maxFilterTerms,
})

/** Reads a filter that came as its JSON text. @throws KindredError INVALID_FILTER */
export function readFilter(text: string, limits: FilterLimits): Filter {
  let filter: unknown
  try {
    filter = JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new KindredError('INVALID_FILTER', `The filter is not JSON: ${reason}`, {
      cause,
      hint: 'Such as {"colour": {"eq": "red"}}',
    })
  }
  parseFilter(filter, limits)
  return filter as Filter // parseFilter takes nothing else
}
