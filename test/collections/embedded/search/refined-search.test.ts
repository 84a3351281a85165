import { rmSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareCodePoints } from '../../../../src/collections/code-point-order.js'
import type { FoundItems, NearestQuery } from '../../../../src/collections/embedded/collection-calls.js'
import type { CollectionEngine } from '../../../../src/collections/embedded/collection-engine.js'
import { parseFilter } from '../../../../src/collections/filter/parse-filter.js'
import { collectionFolder } from '../support/collection-folder.js'
import { openEngine, settle, unit, unitEmbeddings } from '../support/fixtures.js'
import { cosine, plainlyRefined, type PlainMember, type PlainOptions } from './plain-refinement.js'

const spec = { model: null, dimensions: 4, hnsw: { m: 2, efConstruction: 40, ef: 1 } }
/** Few enough that items share embeddings. */
const pool = unitEmbeddings(200, 4, 21)
const queries = unitEmbeddings(10, 4, 22)

interface TrueItem {
  readonly id: string
  readonly embedding: Float32Array
  readonly group: string | null
  readonly price: number
}

const items = fc
  .array(
    fc.record({
      embedding: fc.constantFrom(...pool),
      group: fc.constantFrom(null, 'g', 'h', 'i', 'j'),
      price: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 1, maxLength: 140, size: 'max' },
  )
  .map((drawn) => drawn.map((item, at): TrueItem => ({ id: `item-${at}`, ...item })))

const share = fc.double({ min: 0, max: 1, noNaN: true })
const options = fc
  .record({
    collapse: fc.option(share, { nil: undefined }),
    rerank: fc.constantFrom(undefined, 'query-expansion' as const, 'k-reciprocal' as const),
    diversity: fc.option(share, { nil: undefined }),
  })
  .filter(({ collapse, rerank, diversity }) => [collapse, rerank, diversity].some((one) => one !== undefined))
const asked = fc.record({
  query: fc.constantFrom(...queries),
  options,
  k: fc.integer({ min: 1, max: 12 }),
  candidates: fc.oneof(fc.integer({ min: 12, max: 20 }), fc.integer({ min: 12, max: 150 })),
  exact: fc.boolean(),
  lowest: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  minScore: fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: undefined, freq: 3 }),
  excludeIds: fc.array(
    fc.integer({ min: 0, max: 139 }).map((at) => `item-${at}`),
    { maxLength: 3 },
  ),
  grouped: fc.boolean(),
})
type Asked = typeof asked extends fc.Arbitrary<infer A> ? A : never

/** Without what is undefined. */
const defined = (given: Asked['options']): PlainOptions =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))

const toQuery = ({ query, options: given, candidates, lowest, ...rest }: Asked): NearestQuery => ({
  embedding: query,
  k: rest.k,
  exact: rest.exact,
  excludeIds: rest.excludeIds,
  refinement: { candidates, ...defined(given) },
  ...(rest.minScore !== undefined && { minScore: rest.minScore }),
  ...(lowest !== undefined && { filter: parseFilter({ price: { gte: lowest } }) }),
  ...(rest.grouped && { groups: { by: 'group', size: 2 } }),
})

/** The nearest results that may be answered, best first; of groups the best item. */
function nearest(truth: readonly TrueItem[], { query, lowest = 0, minScore = -1, ...given }: Asked) {
  const ranked = truth
    .filter(({ id, price }) => price >= lowest && !given.excludeIds.includes(id))
    .map((item) => ({ ...item, score: cosine(item.embedding, query) }))
    .filter(({ score }) => score >= minScore)
    .sort((a, b) => b.score - a.score || compareCodePoints(a.id, b.id))
  if (!given.grouped) return ranked
  const seen = new Set<string>()
  return ranked.filter(({ group }) => {
    if (group === null) return true
    const first = !seen.has(group)
    seen.add(group)
    return first
  })
}

function allPages(engine: CollectionEngine, query: NearestQuery): FoundItems[] {
  const pages: FoundItems[] = []
  let position: NearestQuery['position']
  do {
    const page = engine.search({ ...query, ...(position && { position }) })
    pages.push(page)
    expect(pages.length).toBeLessThan(100)
    position = page.next ?? undefined
  } while (position !== undefined)
  return pages
}

function put(engine: CollectionEngine, truth: readonly TrueItem[]): void {
  engine.putItems(
    truth.map(({ id, group, price }) => ({ id, group, metadata: { price }, contentHash: null })),
    Float32Array.from(truth.flatMap(({ embedding }) => [...embedding])),
  )
}

describe('a refined search against a brute-force oracle', () => {
  it(
    'collapses, re-ranks and makes diverse the nearest results, page after page, with any other option',
    { timeout: 300_000 },
    async () => {
      const plans = new Set<string>()
      await fc.assert(
        fc.asyncProperty(items, fc.array(asked, { minLength: 4, maxLength: 8 }), async (truth, searches) => {
          const folder = await collectionFolder(spec)
          const { engine } = openEngine(folder)
          put(engine, truth)
          settle(engine)
          for (const one of searches) {
            const pages = allPages(engine, toQuery(one))
            for (const { plan } of pages) plans.add(plan)
            const hits = pages.flatMap((page) => page.hits)
            const known = nearest(truth, one)
            const shown = hits.map(({ id, collapsed }) => ({ id, collapsed }))
            for (const page of pages.slice(0, -1)) expect(page.hits).toHaveLength(one.k)
            expect(new Set(hits.map(({ id }) => id)).size).toBe(hits.length)
            for (const { id, score } of hits) {
              const item = truth.find((candidate) => candidate.id === id)
              expect(score).toBe(item && cosine(item.embedding, one.query))
            }
            if (one.exact || pages.every(({ exact }) => exact)) {
              const list: readonly PlainMember[] = known.slice(0, one.candidates)
              expect(shown).toEqual(plainlyRefined(one.query, list, defined(one.options)))
            } else if (!one.grouped) {
              const ids = known.map(({ id }) => id)
              expect(ids).toEqual(expect.arrayContaining(hits.map(({ id }) => id)))
            }
          }
          engine.close(false)
          rmSync(folder, { recursive: true })
        }),
        { numRuns: 100, seed: 6 },
      )
      expect([...plans].sort()).toEqual(['filtered-graph', 'filtered-scan', 'graph', 'scan'])
    },
  )
})

describe('a refined search', () => {
  const filled = async () => {
    const { engine } = openEngine(await collectionFolder({ ...spec, dimensions: 2 }))
    const at = (id: string, angle: number, group: string | null) => ({
      id,
      group,
      price: 0,
      embedding: unit(Math.cos(angle), Math.sin(angle)),
    })
    put(engine, [
      at('a', 0, 'g'),
      at('b', 0.01, 'g'),
      at('c', 0.3, 'h'),
      at('d', 0.31, null),
      at('e', 1, 'h'),
    ])
    return engine
  }
  const search = (engine: CollectionEngine, refinement: object, more: Partial<NearestQuery> = {}) =>
    engine.search({
      embedding: unit(1, 0),
      k: 10,
      exact: true,
      refinement: { candidates: 10, ...refinement },
      ...more,
    })

  it('says how many each result stands for', async () => {
    const engine = await filled()
    const { hits, total } = search(engine, { collapse: 0.99 })
    expect(hits.map(({ id, collapsed }) => [id, collapsed])).toEqual([
      ['a', 1],
      ['c', 1],
      ['e', 0],
    ])
    expect(total).toBe(5)
    expect(search(engine, { diversity: 0 }).hits[0]).not.toHaveProperty('collapsed')
    engine.close(false)
  })

  it('by groups compares their best items, and shows the groups whole', async () => {
    const engine = await filled()
    const { hits, groups } = search(engine, { collapse: 0.99 }, { groups: { by: 'group', size: 5 } })
    expect(hits.map(({ id, collapsed }) => [id, collapsed])).toEqual([
      ['a', 0],
      ['c', 1],
    ])
    expect(groups?.map(({ group, items: shown }) => [group, shown.map(({ id }) => id)])).toEqual([
      ['g', ['a', 'b']],
      ['h', ['c', 'e']],
    ])
    engine.close(false)
  })

  it('looks at its candidates alone', async () => {
    const engine = await filled()
    const { hits, next } = search(engine, { collapse: 0.99, candidates: 2 })
    expect(hits.map(({ id, collapsed }) => [id, collapsed])).toEqual([['a', 1]])
    expect(next).toBeNull()
    engine.close(false)
  })

  it('gives the embeddings that were asked for', async () => {
    const engine = await filled()
    const { hits, groups } = search(
      engine,
      { rerank: 'query-expansion' },
      { withEmbeddings: true, groups: { by: 'group', size: 2 } },
    )
    expect(hits[0]?.embedding).toEqual(unit(1, 0))
    expect(groups?.[0]?.items.map(({ embedding }) => embedding?.length)).toEqual([2, 2])
    expect(search(engine, { rerank: 'query-expansion' }).hits[0]).not.toHaveProperty('embedding')
    engine.close(false)
  })
})
