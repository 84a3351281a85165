import type { Rerank } from '../../collection-store.js'
import type { Refinement } from '../collection-calls.js'
import { dotProduct } from '../dot-product.js'
import { collapse } from './collapse.js'
import { diversify, type Ranked } from './diversify.js'
import { expandQuery, type Neighbour } from './expand-query.js'
import { kReciprocal } from './k-reciprocal.js'
import { PairCosines } from './pair-cosines.js'

/** A member of the list that is refined, and how many it stands for where near-duplicates were made one. */
export interface Refined<T> {
  readonly member: T
  readonly collapsed?: number
}

/**
 * Makes of the results nearest to a query what is to be answered: near-duplicates become one, what is left is re-ranked, and
 * that ranking is made diverse. Works as far as it is asked.
 *
 * @param query unit length
 * @param list best first
 */
export function* refine<T extends Neighbour>(
  query: Float32Array,
  list: readonly T[],
  options: Refinement,
): Generator<Refined<T>> {
  const { collapse: threshold, rerank, diversity } = options
  const survivors: Refined<T>[] =
    threshold === undefined
      ? list.map((member) => ({ member }))
      : collapse(list.length, cosinesOf(list), threshold).flatMap(({ at, collapsed }) =>
          list.slice(at, at + 1).map((member) => ({ member, collapsed })),
        )
  const members = survivors.map(({ member }) => member)
  const ranking: Ranked[] = relevances(query, members, rerank)
    .map((relevance, at) => ({ at, relevance }))
    .sort((a, b) => b.relevance - a.relevance) // stable: of equals the one with the higher score
  const chosen = diversity === undefined ? ranking : diversify(ranking, cosinesOf(members), diversity)
  for (const { at } of chosen) yield* survivors.slice(at, at + 1)
}

/** How well each member answers the query; more is better. */
function relevances(
  query: Float32Array,
  members: readonly Neighbour[],
  rerank: Rerank | undefined,
): number[] {
  switch (rerank) {
    case undefined:
      return members.map(({ score }) => score)
    case 'query-expansion': {
      const expanded = expandQuery(query, members)
      return members.map(({ embedding }) => dotProduct(embedding, 0, expanded))
    }
    case 'k-reciprocal':
      return kReciprocal(
        members.length,
        new PairCosines([query, ...members.map(({ embedding }) => embedding)]),
      )
  }
}

const cosinesOf = (list: readonly Neighbour[]): PairCosines =>
  new PairCosines(list.map(({ embedding }) => embedding))
