import { rmSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareCodePoints } from '../../../../src/collections/code-point-order.js'
import type { Metadata } from '../../../../src/collections/item.js'
import type { NearestQuery } from '../../../../src/collections/embedded/collection-calls.js'
import type { CollectionEngine } from '../../../../src/collections/embedded/collection-engine.js'
import { dotProduct } from '../../../../src/collections/embedded/dot-product.js'
import { parseFilter } from '../../../../src/collections/filter/parse-filter.js'
import { collectionFolder } from '../support/collection-folder.js'
import { alwaysGraph, openEngine, settle, unit, unitEmbeddings, wide } from '../support/fixtures.js'
import { fieldTypes, filterArbitrary, metadataArbitrary } from './arbitraries.js'
import { plainlyMatches } from './plain-filter.js'

const spec = {
  model: null,
  dimensions: 3,
  fields: fieldTypes,
  hnsw: { m: 2, efConstruction: 40, ef: 1 },
}

interface TrueItem {
  embedding: Float32Array
  group: string | null
  metadata: Metadata
}
type Truth = Map<string, TrueItem>

/** A grid, so that exact duplicates and ties come up all the time. */
const gridEmbedding = fc
  .tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -2, max: 2 }), fc.integer({ min: 1, max: 3 }))
  .map(([x, y, z]) => unit(x, y, z))
const id = fc.integer({ min: 0, max: 39 }).map((i) => `item-${i}`)
const item = fc.record({
  id,
  embedding: gridEmbedding,
  group: fc.constantFrom(null, 'g', 'h', 'i'),
  metadata: metadataArbitrary,
})
/** Broad ones beside any, so that the graph has its turn. */
const filter = fc.oneof(
  filterArbitrary,
  fc.constant({ colour: { ne: 'a' } }),
  fc.constant({ not: { price: { eq: 1 } } }),
)
const search = fc.record({
  kind: fc.constant('search' as const),
  query: gridEmbedding,
  filter: fc.option(filter, { nil: undefined }),
  k: fc.integer({ min: 1, max: 8 }),
  exact: fc.boolean(),
  minScore: fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: undefined, freq: 4 }),
  excludeIds: fc.array(id, { maxLength: 3 }),
})
const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), items: fc.array(item, { minLength: 5, maxLength: 30 }) }),
  fc.record({ kind: fc.constant('patch' as const), id, metadata: metadataArbitrary }),
  fc.record({ kind: fc.constant('delete' as const), ids: fc.array(id, { maxLength: 6 }) }),
  fc.record({ kind: fc.constant('delete matching' as const), filter: filterArbitrary }),
  fc.record({ kind: fc.constant('settle' as const) }),
  fc.record({ kind: fc.constant('reopen' as const) }),
  { weight: 6, arbitrary: search },
)

type Search = typeof search extends fc.Arbitrary<infer S> ? S : never

const toQuery = ({ query, filter: given, k, exact, minScore, excludeIds }: Search): NearestQuery => ({
  embedding: query,
  k,
  exact,
  ...(given !== undefined && { filter: parseFilter(given) }),
  ...(minScore !== undefined && { minScore }),
  excludeIds,
})

/** Every item that may be answered, best first. */
const oracle = (truth: Truth, { query, filter: given, minScore = -1, excludeIds }: Search) =>
  [...truth]
    .filter(
      ([one, { metadata }]) => !excludeIds.includes(one) && plainlyMatches(given ?? {}, metadata, fieldTypes),
    )
    .map(([one, { embedding }]) => ({ id: one, score: Math.min(1, dotProduct(embedding, 0, query)) }))
    .filter(({ score }) => score >= minScore)
    .sort((a, b) => b.score - a.score || compareCodePoints(a.id, b.id))

function putAll(engine: CollectionEngine, truth: Truth, items: readonly ({ id: string } & TrueItem)[]): void {
  const last = new Map(items.map((one) => [one.id, one]))
  engine.putItems(
    [...last.values()].map(({ id: one, group, metadata }) => ({
      id: one,
      group,
      metadata,
      contentHash: null,
    })),
    Float32Array.from([...last.values()].flatMap(({ embedding }) => [...embedding])),
  )
  for (const [one, { embedding, group, metadata }] of last) truth.set(one, { embedding, group, metadata })
}

describe('a filtered search against a brute-force oracle', () => {
  it(
    'returns k items that match, never one that was deleted, over random data, filters, updates and pages',
    { timeout: 300_000 },
    async () => {
      const plans = new Map<string, number>()
      await fc.assert(
        fc.asyncProperty(
          fc.array(item, { minLength: 25, maxLength: 60 }),
          fc.array(step, { maxLength: 20 }),
          async (first, steps) => {
            const folder = await collectionFolder(spec)
            let { engine } = openEngine(folder)
            const truth: Truth = new Map()
            putAll(engine, truth, first)
            settle(engine)
            for (const next of steps) {
              if (next.kind === 'put') putAll(engine, truth, next.items)
              else if (next.kind === 'patch') {
                const before = truth.get(next.id)
                if (before === undefined) continue
                truth.set(next.id, {
                  ...before,
                  metadata: engine.patchItem(next.id, { metadata: next.metadata }).metadata,
                })
              } else if (next.kind === 'delete') {
                engine.deleteItems(next.ids)
                for (const one of next.ids) truth.delete(one)
              } else if (next.kind === 'delete matching') {
                const gone = [...truth].filter(([, { metadata }]) =>
                  plainlyMatches(next.filter, metadata, fieldTypes),
                )
                expect(engine.deleteMatching(parseFilter(next.filter), 100)).toBe(gone.length)
                for (const [one] of gone) truth.delete(one)
              } else if (next.kind === 'settle') settle(engine)
              else if (next.kind === 'reopen') {
                engine.close(true)
                engine = openEngine(folder).engine
              } else check(engine, truth, next, plans)
            }
            engine.close(false)
            rmSync(folder, { recursive: true })
          },
        ),
        { numRuns: 120, seed: 5 },
      )
      // Every way of answering was taken.
      expect([...plans.keys()].sort()).toEqual(['filtered-graph', 'filtered-scan', 'graph', 'scan'])
    },
  )
})

function check(engine: CollectionEngine, truth: Truth, asked: Search, plans: Map<string, number>): void {
  const expected = oracle(truth, asked)
  const { total } = engine.search({ ...toQuery(asked), exact: true })
  expect(total).toBe(oracle(truth, { ...asked, minScore: -1 }).length)

  // Pages until there are no more.
  const pages: { id: string; score: number }[][] = []
  let position: NearestQuery['position']
  do {
    const page = engine.search({ ...toQuery(asked), ...(position && { position }) })
    plans.set(page.plan, (plans.get(page.plan) ?? 0) + 1)
    const hits = page.hits.map(({ id: one, score }) => ({ id: one, score }))
    if (pages.length === 0 && asked.minScore === undefined)
      expect(hits).toHaveLength(Math.min(asked.k, expected.length))
    if (pages.length === 0 && page.exact) expect(hits).toEqual(expected.slice(0, asked.k))
    expect(expected).toEqual(expect.arrayContaining(hits))
    expect(hits).toEqual([...hits].sort((a, b) => b.score - a.score || compareCodePoints(a.id, b.id)))
    pages.push(hits)
    expect(pages.length).toBeLessThan(100)
    position = page.next ?? undefined
  } while (position !== undefined)
  const all = pages.flat()
  expect(new Set(all.map((hit) => hit.id)).size).toBe(all.length)
  if (asked.exact) expect(all).toEqual(expected)
  else if (asked.minScore === undefined) expect(all).toHaveLength(expected.length)
}

/** Groups of the truth, best first: what each shows and its best items. */
function groupOracle(
  truth: Truth,
  asked: Search,
  keyOf: (item: TrueItem) => string | number | null,
  size: number,
) {
  const groups = new Map<unknown, { group: string | number | null; ids: string[] }>()
  for (const { id: one } of oracle(truth, asked)) {
    const found = truth.get(one)
    if (found === undefined) continue
    const key = keyOf(found)
    const group = groups.get(key ?? [one].join()) ?? { group: key, ids: [] }
    groups.set(key ?? [one].join(), group)
    if (group.ids.length < size) group.ids.push(one)
  }
  return [...groups.values()]
}

describe('a search by groups', () => {
  const byGroup = (one: TrueItem) => one.group
  const byPrice = ({ metadata: { price = null } }: TrueItem) =>
    (typeof price === 'object' ? (price?.[0] ?? null) : price) as number | null

  it('returns k groups with their best items, and pages that repeat none', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { minLength: 1, maxLength: 60 }),
        fc.array(fc.tuple(search, fc.constantFrom('group', 'price'), fc.integer({ min: 1, max: 4 })), {
          minLength: 5,
          maxLength: 8,
        }),
        async (items, searches) => {
          const folder = await collectionFolder(spec)
          const { engine } = openEngine(folder)
          const truth: Truth = new Map()
          putAll(engine, truth, items)
          settle(engine)
          for (const [asked, by, size] of searches) {
            const expected = groupOracle(truth, asked, by === 'group' ? byGroup : byPrice, size)
            const found: { group: unknown; ids: string[] }[] = []
            let position: NearestQuery['position']
            do {
              const page = engine.search({
                ...toQuery(asked),
                groups: { by, size },
                ...(position && { position }),
              })
              const groups = (page.groups ?? []).map(({ group, items: shown }) => ({
                group,
                ids: shown.map((hit) => hit.id),
              }))
              expect(page.hits.map((hit) => hit.id)).toEqual(groups.map(({ ids }) => ids[0]))
              if (found.length === 0 && asked.minScore === undefined) {
                expect(groups).toHaveLength(Math.min(asked.k, expected.length))
              }
              found.push(...groups)
              expect(found.length).toBeLessThan(100)
              position = page.next ?? undefined
            } while (position !== undefined)
            if (asked.exact) expect(found).toEqual(expected)
            expect(expected).toEqual(expect.arrayContaining(found))
            if (asked.minScore === undefined) expect(found).toHaveLength(expected.length)
          }
          engine.close(false)
          rmSync(folder, { recursive: true })
        },
      ),
      { numRuns: 60, seed: 8 },
    )
  })
})

it('what matches far from the query is found as well, by a scan where the walk would not end', async () => {
  const folder = await collectionFolder({ ...spec, dimensions: 2, hnsw: { m: 2, efConstruction: 40, ef: 1 } })
  const { engine } = openEngine(folder)
  const count = 600
  const angle = (i: number) => (Math.PI * i) / count
  engine.putItems(
    Array.from({ length: count }, (_, i) => ({
      id: `i${String(i).padStart(3, '0')}`,
      group: null,
      metadata: { price: i },
      contentHash: null,
    })),
    Float32Array.from({ length: 2 * count }, (_, at) =>
      at % 2 === 0 ? Math.cos(angle(at / 2)) : Math.sin(angle((at - 1) / 2)),
    ),
  )
  settle(engine)
  const filter = parseFilter({ price: { gte: count - 150 } })
  const answer = engine.search({ embedding: unit(1, 0), k: 3, exact: false, filter })
  expect(answer.hits.map((hit) => hit.id)).toEqual(['i450', 'i451', 'i452'])
  expect(answer).toMatchObject({ plan: 'filtered-scan', exact: true, total: 150 })
  const near = engine.search({ embedding: unit(-1, 0), k: 3, exact: false, filter })
  expect(near.plan).toBe('filtered-graph')
  expect(near.hits[0]?.id).toBe('i599')
  engine.close(false)
})

it('a walk sees what the graph does not know yet, and nothing that is gone or no longer matches', async () => {
  const folder = await collectionFolder({ ...wide, hnsw: { ...wide.hnsw, ef: 20 } })
  const { engine } = openEngine(folder, { ...alwaysGraph, sliceMs: 0 })
  const embeddings = unitEmbeddings(2000, 16)
  const [fresh = unit(1)] = unitEmbeddings(1, 16, 9)
  const putAs = (colour: string, items: readonly (readonly [string, Float32Array])[]) => {
    engine.putItems(
      items.map(([one]) => ({ id: one, group: null, metadata: { colour }, contentHash: null })),
      Float32Array.from(items.flatMap(([, embedding]) => [...embedding])),
    )
  }
  const named = embeddings.map((embedding, i) => [`i${i}`, embedding] as const)
  putAs(
    'red',
    named.filter((_, i) => i % 2 === 0),
  )
  putAs(
    'blue',
    named.filter((_, i) => i % 2 === 1),
  )
  settle(engine)
  const nearest = (embedding: Float32Array) => {
    const filter = parseFilter({ colour: { eq: 'red' } })
    const { hits, plan } = engine.search({ embedding, k: 1, exact: false, filter })
    expect(plan).toBe('filtered-graph')
    return hits[0]?.id
  }
  putAs('red', [['fresh', fresh]])
  putAs('blue', [['other', fresh]])
  expect(engine.unfinished).toBe(true)
  expect(nearest(fresh)).toBe('fresh')
  engine.patchItem('fresh', { metadata: { colour: 'blue' } })
  expect(nearest(fresh)).not.toBe('fresh')
  engine.patchItem('other', { metadata: { colour: 'red' } })
  expect(nearest(fresh)).toBe('other')
  engine.deleteItems(['other'])
  expect(nearest(fresh)).not.toBe('other')
  const gone = embeddings[4] ?? fresh
  expect(nearest(gone)).toBe('i4')
  engine.deleteItems(['i4'])
  expect(nearest(gone)).not.toBe('i4')
  engine.close(false)
})
