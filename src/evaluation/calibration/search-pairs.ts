import { unitRows, type EmbeddedSet } from '../embedded-set.js'
import { exactSearch } from '../exact-search.js'
import { findOwnRows } from '../find-own-rows.js'
import type { ScoredPair } from './scored-pair.js'

/**
 * The pairs that a search returns: each query with its nearest gallery rows, itself left out.
 *
 * @returns the pairs of each query, in the order of the queries, nearest first
 * @throws KindredError INVALID_ARGUMENT, INVALID_EMBEDDING; the signal's reason when aborted
 */
export async function searchPairs(
  queries: EmbeddedSet,
  gallery: EmbeddedSet,
  neighbours: number,
  signal?: AbortSignal,
): Promise<ScoredPair[][]> {
  const queryRows = unitRows(queries, 'queries')
  const rows = {
    queries: queryRows,
    gallery: gallery === queries ? queryRows : unitRows(gallery, 'gallery'),
    dimensions: queries.dimensions,
  }
  const found: ScoredPair[][] = []
  await exactSearch(rows, {
    depth: () => neighbours,
    own: findOwnRows(queries, gallery),
    onAnswer: (query, answer) => {
      const label = queries.labels[query]
      found.push(
        Array.from(answer.rows, (row, place) => ({
          score: answer.scores[place] ?? NaN,
          same: gallery.labels[row] === label,
        })),
      )
    },
    ...(signal && { signal }),
  })
  return found
}
