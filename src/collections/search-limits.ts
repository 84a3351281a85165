import type { Config } from '../config.js'
import type { Rerank, SearchQuery } from './collection-store.js'
import type { FilterLimits } from './filter/filter.js'
import { filterLimitsFrom } from './filter/read-filter.js'

export const reranks: readonly Rerank[] = ['query-expansion', 'k-reciprocal']

/** Results that are re-ranked, made diverse or collapsed unless a query says how many. */
export const defaultCandidates = 200
/** Most of them: memory and time of a re-ranking grow with their square. */
export const mostCandidates = 2000
/** Most items that one query is made from. */
export const mostExamples = 1000

/** What one search may ask for. */
export interface SearchLimits {
  readonly maxK: number
  readonly maxCandidates: number
  readonly maxExamples: number
  readonly filter: FilterLimits
}

type LimitSettings = 'maxK' | 'maxCandidates' | 'maxExamples' | 'maxFilterDepth' | 'maxFilterTerms'

export const searchLimitsFrom = (config: Pick<Config, LimitSettings>): SearchLimits => ({
  maxK: config.maxK,
  maxCandidates: config.maxCandidates,
  maxExamples: config.maxExamples,
  filter: filterLimitsFrom(config),
})

type Sizes = Pick<
  SearchQuery,
  'k' | 'candidates' | 'collapse' | 'rerank' | 'diversity' | 'groupBy' | 'groupSize' | 'withEmbeddings'
>

/** Whether more is made of the nearest results than the answer. */
export const isRefined = ({ collapse, rerank, diversity }: Omit<Sizes, 'k'>): boolean =>
  collapse !== undefined || rerank !== undefined || diversity !== undefined

/** How many results a query that refines them chooses from. */
export const candidatesOf = (
  { candidates }: Pick<Sizes, 'candidates'>,
  { maxCandidates }: Pick<SearchLimits, 'maxCandidates'>,
): number => candidates ?? Math.min(defaultCandidates, maxCandidates)

/** An option that is beyond a limit, or does not go with the others. */
export interface Misfit {
  readonly field: 'k' | 'candidates' | 'groupSize'
  readonly expected: string
  readonly received: unknown
}

/** Holds the sizes that a query asks for against the limits and each other. @returns null where they fit */
export function findMisfit(
  query: Sizes,
  limits: Pick<SearchLimits, 'maxK' | 'maxCandidates'>,
): Misfit | null {
  const { maxK, maxCandidates } = limits
  const { k, groupBy, groupSize = 1, withEmbeddings = false } = query
  if (k > maxK) return { field: 'k', expected: `a whole number from 1 to ${maxK}`, received: k }
  if (withEmbeddings && groupBy !== undefined && k * groupSize > maxK) {
    const expected = `at most ${maxK} items in all where each comes with its embedding`
    return { field: 'groupSize', expected, received: groupSize }
  }
  if (!isRefined(query)) {
    if (query.candidates === undefined) return null
    const expected = 'a search with collapse, rerank or diversity'
    return { field: 'candidates', expected, received: query.candidates }
  }
  if (k > maxCandidates) {
    const expected = `a whole number from 1 to ${maxCandidates} with collapse, rerank or diversity`
    return { field: 'k', expected, received: k }
  }
  const candidates = candidatesOf(query, limits)
  if (candidates >= k && candidates <= maxCandidates) return null
  const expected = `a whole number from k (${k}) to ${maxCandidates}`
  return { field: 'candidates', expected, received: candidates }
}
