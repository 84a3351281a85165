import { readdirSync, rmSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { compareCodePoints } from '../../../src/collections/code-point-order.js'
import { dotProduct } from '../../../src/collections/embedded/dot-product.js'
import { collectionFolder } from './support/collection-folder.js'
import {
  alwaysGraph,
  answer,
  openEngine,
  put,
  settle,
  unit,
  unitEmbeddings,
  wide,
} from './support/fixtures.js'

const small = { model: null, dimensions: 3, hnsw: { m: 2, efConstruction: 20, ef: 1 } }

/** A small grid, so that exact duplicates and ties come up all the time. */
const gridEmbedding = fc
  .tuple(fc.integer({ min: -1, max: 1 }), fc.integer({ min: -1, max: 1 }), fc.integer({ min: 1, max: 2 }))
  .map(([x, y, z]) => unit(x, y, z))
const id = fc.constantFrom(...Array.from({ length: 12 }, (_, i) => `item-${i}`), '\u{ff01}', '\u{1f600}')
const step = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    items: fc.array(fc.tuple(id, gridEmbedding), { maxLength: 6 }),
  }),
  fc.record({ kind: fc.constant('delete' as const), ids: fc.array(id, { maxLength: 4 }) }),
  fc.record({
    kind: fc.constant('search' as const),
    query: gridEmbedding,
    k: fc.integer({ min: 1, max: 16 }),
  }),
  fc.record({ kind: fc.constant('reopen' as const), snapshot: fc.boolean() }),
  fc.record({ kind: fc.constant('settle' as const) }),
)

const oracle = (truth: ReadonlyMap<string, Float32Array>, query: Float32Array, k: number) =>
  [...truth]
    .map(([itemId, embedding]) => ({ id: itemId, score: Math.min(1, dotProduct(embedding, 0, query)) }))
    .sort((a, b) => b.score - a.score || compareCodePoints(a.id, b.id))
    .slice(0, k)

describe('against a brute-force oracle, over random puts, updates, deletes and reopenings', () => {
  it(
    'the scan is exact and the graph answers only with true items and scores',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
          const folder = await collectionFolder(small)
          let { engine } = openEngine(folder)
          const truth = new Map<string, Float32Array>()
          for (const next of steps) {
            if (next.kind === 'put') {
              const items = new Map(next.items)
              put(engine, [...items])
              for (const [itemId, embedding] of items) truth.set(itemId, embedding)
            } else if (next.kind === 'delete') {
              const there = new Set(next.ids.filter((one) => truth.delete(one)))
              expect(engine.deleteItems(next.ids)).toBe(there.size)
            } else if (next.kind === 'reopen') {
              engine.close(next.snapshot)
              engine = openEngine(folder).engine
            } else if (next.kind === 'settle') settle(engine)
            else {
              const expected = oracle(truth, next.query, next.k)
              expect(answer(engine, next.query, next.k, true)).toEqual(expected)
              const approximate = answer(engine, next.query, next.k)
              expect(approximate).toHaveLength(expected.length)
              const all = oracle(truth, next.query, truth.size)
              expect(all).toEqual(expect.arrayContaining(approximate))
              expect(engine.search({ embedding: next.query, k: next.k, exact: false }).total).toBe(truth.size)
            }
          }
          expect(engine.listItems(null, 100).map((item) => item.id)).toEqual(
            [...truth.keys()].sort(compareCodePoints),
          )
          engine.close(true)
          rmSync(folder, { recursive: true })
        }),
        { numRuns: 40, seed: 3 },
      )
    },
  )
})

describe('the graph', () => {
  it('finds what the scan finds, and gives it the same score', async () => {
    const { engine } = openEngine(await collectionFolder({ ...wide, hnsw: { ...wide.hnsw, ef: 50 } }))
    put(
      engine,
      unitEmbeddings(3000, 16).map((embedding, i) => [`i${i}`, embedding] as const),
    )
    settle(engine)
    let found = 0
    for (const query of unitEmbeddings(50, 16, 2)) {
      const walk = engine.search({ embedding: query, k: 10, exact: false })
      expect(walk.exact).toBe(false)
      const truth = answer(engine, query, 10, true)
      const scores = new Map(truth.map((hit) => [hit.id, hit.score]))
      for (const hit of walk.hits) {
        if (scores.has(hit.id)) found++
        expect(scores.get(hit.id) ?? hit.score).toBe(hit.score)
      }
    }
    expect(found / 500).toBeGreaterThan(0.95)
    engine.close(false)
  })

  it('need not know a write for a search to see it', async () => {
    const { engine } = openEngine(await collectionFolder(wide), { ...alwaysGraph, sliceMs: 0 })
    const embeddings = unitEmbeddings(2000, 16)
    put(
      engine,
      embeddings.map((embedding, i) => [`i${i}`, embedding] as const),
    )
    settle(engine)
    const [fresh = unit(1)] = unitEmbeddings(1, 16, 9)
    put(engine, [['fresh', fresh]])
    expect(engine.unfinished).toBe(true)
    const seen = engine.search({ embedding: fresh, k: 1, exact: false })
    expect([seen.exact, seen.hits[0]?.id]).toEqual([false, 'fresh'])
    engine.deleteItems(['fresh', 'i5'])
    expect(answer(engine, fresh, 1)[0]?.id).not.toBe('fresh')
    expect(answer(engine, embeddings[5] ?? fresh, 1)[0]?.id).not.toBe('i5')
    engine.close(false)
  })

  it('holds exact duplicates once, however many items share them', async () => {
    const { engine } = openEngine(await collectionFolder({ ...wide, hnsw: { ...wide.hnsw, ef: 20 } }))
    const [same = unit(1), ...others] = unitEmbeddings(1001, 16)
    put(
      engine,
      others.map((embedding, i) => [`other${i}`, embedding] as const),
    )
    put(
      engine,
      Array.from({ length: 500 }, (_, i) => [`same${String(i).padStart(3, '0')}`, same] as const),
    )
    settle(engine)
    const walk = engine.search({ embedding: same, k: 30, exact: false })
    expect(walk.exact).toBe(false)
    expect(walk.hits.map((hit) => hit.id)).toEqual(
      Array.from({ length: 30 }, (_, i) => `same${String(i).padStart(3, '0')}`),
    )
    engine.deleteItems(Array.from({ length: 499 }, (_, i) => `same${String(i).padStart(3, '0')}`))
    expect(answer(engine, same, 1)[0]?.id).toBe('same499')
    engine.close(false)
  })

  it('is replaced when most of it is deleted, and answers meanwhile', async () => {
    const folder = await collectionFolder(wide)
    const { engine } = openEngine(folder)
    const embeddings = unitEmbeddings(4000, 16)
    put(
      engine,
      embeddings.map((embedding, i) => [`i${i}`, embedding] as const),
    )
    settle(engine)
    engine.deleteItems(Array.from({ length: 2500 }, (_, i) => `i${i}`))
    expect(engine.unfinished).toBe(true)
    const query = embeddings[3000] ?? unit(1)
    const before = answer(engine, query, 5)
    settle(engine)
    expect(answer(engine, query, 5)).toEqual(before)
    expect(engine.unfinished).toBe(false)
    engine.close(true)
    const reopened = openEngine(folder).engine
    expect(answer(reopened, query, 5)).toEqual(before)
    reopened.close(false)
  })
})

it('adds what is written while a graph is replaced to the old one too, which answers until then', async () => {
  const { engine } = openEngine(await collectionFolder(wide), { ...alwaysGraph, sliceMs: 0 })
  const embeddings = unitEmbeddings(1500, 16)
  put(
    engine,
    embeddings.slice(0, 1000).map((embedding, i) => [`i${i}`, embedding] as const),
  )
  settle(engine)
  engine.deleteItems(Array.from({ length: 600 }, (_, i) => `i${i}`))
  put(
    engine,
    embeddings.slice(1000).map((embedding, i) => [`new${i}`, embedding] as const),
  )
  // Each step adds one embedding to each graph: 500 to the old one, 900 to the new one.
  for (let step = 0; step < 550; step++) engine.work()
  expect(engine.unfinished).toBe(true)
  const { plan } = engine.search({ embedding: embeddings[1000] ?? unit(1), k: 1, exact: false, ef: 10 })
  expect(plan).toBe('graph')
  settle(engine)
  for (let i = 600; i < 1500; i++) {
    const id = i < 1000 ? `i${i}` : `new${i - 1000}`
    expect(answer(engine, embeddings[i] ?? unit(1), 1)[0]?.id).toBe(id)
  }
  engine.close(false)
})

it('saves the graph while it is open once enough has changed', async () => {
  const folder = await collectionFolder(wide)
  const { engine } = openEngine(folder, { ...alwaysGraph, snapshotAfter: 100 })
  put(
    engine,
    unitEmbeddings(150, 16).map((embedding, i) => [`i${i}`, embedding] as const),
  )
  expect(readdirSync(folder)).not.toContain('graph.json')
  // The disk is waited for beside other work.
  await vi.waitFor(() => {
    settle(engine)
    expect(readdirSync(folder)).toContain('graph.json')
  })
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  engine.close(false)
})

it('keeps no graph for a small collection', async () => {
  const folder = await collectionFolder(wide)
  const { engine } = openEngine(folder, { ...alwaysGraph, scanBelow: 16 * 200 })
  put(
    engine,
    unitEmbeddings(200, 16).map((embedding, i) => [`i${i}`, embedding] as const),
  )
  expect(engine.unfinished).toBe(false)
  put(engine, [['more', unit(...Array.from({ length: 16 }, () => 1))]])
  expect(engine.unfinished).toBe(true)
  engine.close(true)
})
