import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collapse } from '../../../../src/collections/embedded/search/collapse.js'
import { diversify } from '../../../../src/collections/embedded/search/diversify.js'
import { expandQuery } from '../../../../src/collections/embedded/search/expand-query.js'
import { kReciprocal } from '../../../../src/collections/embedded/search/k-reciprocal.js'
import { PairCosines } from '../../../../src/collections/embedded/search/pair-cosines.js'
import { unit, unitEmbeddings } from '../support/fixtures.js'
import { cosine, plainCollapse, plainExpansion, plainKReciprocal, plainMmr } from './plain-refinement.js'

/** Few enough that the same comes twice. */
const pool = unitEmbeddings(60, 4, 11)
const embeddings = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom(...pool), { minLength, maxLength })
const share = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }))

describe('collapse', () => {
  it('leaves no two that are nearer than the threshold, and counts each that goes for the best near it', () => {
    fc.assert(
      fc.property(embeddings(0, 40), share, (list, threshold) => {
        const found = collapse(list.length, new PairCosines(list), threshold)
        const members = list.map((embedding, at) => ({ embedding, at }))
        expect(found).toEqual(
          plainCollapse(members, threshold).map(({ member, others }) => ({
            at: member.at,
            collapsed: others.length,
          })),
        )
        for (const a of found) {
          for (const b of found) {
            if (a.at === b.at) continue
            expect(cosine(list[a.at] ?? unit(1), list[b.at] ?? unit(1))).toBeLessThanOrEqual(threshold)
          }
        }
      }),
      { seed: 1 },
    )
  })
})

describe('diversify', () => {
  it('chooses what maximal marginal relevance chooses', () => {
    fc.assert(
      fc.property(embeddings(0, 30), share, (list, diversity) => {
        const query = pool[0] ?? unit(1)
        const ranking = list
          .map((embedding, at) => ({ at, relevance: cosine(query, embedding) }))
          .sort((a, b) => b.relevance - a.relevance)
        const chosen = [...diversify(ranking, new PairCosines(list), diversity)]
        const places = plainMmr(
          ranking.map(({ relevance }) => relevance),
          ranking.map(({ at }) => list[at] ?? unit(1)),
          diversity,
        )
        expect(chosen).toEqual(places.map((place) => ranking[place]))
        if (diversity === 0) expect(chosen).toEqual(ranking)
      }),
      { seed: 2 },
    )
  })

  it('prefers the other direction to the same one again', () => {
    const list = [unit(1, 0.1), unit(1, 0.1), unit(1, -0.5)]
    const ranking = [0.99, 0.99, 0.89].map((relevance, at) => ({ at, relevance }))
    const order = (diversity: number) =>
      [...diversify(ranking, new PairCosines(list), diversity)].map(({ at }) => at)
    expect(order(0)).toEqual([0, 1, 2])
    expect(order(0.5)).toEqual([0, 2, 1])
  })
})

describe('alpha query expansion', () => {
  it('adds the nearest by the power of their cosines, and none that point away', () => {
    fc.assert(
      fc.property(embeddings(0, 20), fc.constantFrom(...pool), (list, query) => {
        const neighbours = list
          .map((embedding) => ({ id: '', embedding, score: cosine(query, embedding) }))
          .sort((a, b) => b.score - a.score)
        const expanded = expandQuery(query, neighbours)
        const plain = plainExpansion(query, neighbours)
        expanded.forEach((value, at) => {
          expect(value).toBeCloseTo(plain[at] ?? NaN, 5)
        })
      }),
      { seed: 3 },
    )
    const away = { embedding: unit(-1, 0.2), score: -0.98 }
    expect(expandQuery(unit(1, 0), [away])).toEqual(unit(1, 0))
  })
})

describe('k-reciprocal encoding', () => {
  it('gives the similarities of the paper, computed over whole matrices', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...pool), { maxLength: 45 }),
        fc.constantFrom(...unitEmbeddings(20, 4, 12)),
        (list, query) => {
          const found = kReciprocal(list.length, new PairCosines([query, ...list]))
          const plain = plainKReciprocal(query, list)
          expect(found).toHaveLength(plain.length)
          found.forEach((value, at) => {
            expect(value).toBeCloseTo(plain[at] ?? NaN, 10)
          })
        },
      ),
      { seed: 4 },
    )
  })

  it('prefers what has its neighbours in common with the query to what is only near', () => {
    // A chain of 45 that the query lies in the middle of, and a cluster beside it that is nearer than the chain's ends.
    const chain = Array.from({ length: 45 }, (_, i) => unit(0, (0.3 * (i - 22)) / 22, 1))
    const beside = Array.from({ length: 25 }, (_, i) => unit(0.25, 0.01 * Math.sin(i), 1))
    const query = unit(0, 0.001, 1)
    const list = [...chain, ...beside]
    const found = kReciprocal(list.length, new PairCosines([query, ...list]))
    const lowest = (values: readonly number[]) => Math.min(...values)
    expect(lowest(beside.map((one) => cosine(query, one)))).toBeGreaterThan(
      lowest(chain.map((one) => cosine(query, one))),
    )
    expect(lowest(found.slice(0, 45))).toBeGreaterThan(Math.max(...found.slice(45)))
  })
})
