import { readdirSync, rmSync, truncateSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { CollectionEngine } from '../../../src/collections/embedded/collection-engine.js'
import { largestLabel } from '../../../src/collections/embedded/hnsw-graph.js'
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

async function filled() {
  const folder = await collectionFolder(wide)
  const { engine } = openEngine(folder)
  put(
    engine,
    unitEmbeddings(2000, 16).map((embedding, i) => [`i${i}`, embedding] as const),
  )
  settle(engine)
  const queries = unitEmbeddings(10, 16, 5)
  const ask = (asked: CollectionEngine) =>
    queries.map((query) => asked.search({ embedding: query, k: 5, exact: false }))
  const answers = ask(engine)
  expect(answers.every(({ exact }) => !exact)).toBe(true)
  engine.close(true)
  return { folder, ask, answers }
}

describe('a reopened collection', () => {
  it('gives the same answers from the saved graph, without a word', async () => {
    const { folder, ask, answers } = await filled()
    const { engine, logged } = openEngine(folder)
    expect(ask(engine)).toEqual(answers)
    expect([logged, engine.unfinished]).toEqual([[], false])
    expect(engine.graphPoints()).toBe(2000)
    engine.close(true)
  })

  const graphFile = (folder: string): string =>
    path.join(folder, readdirSync(folder).find((name) => name.endsWith('.hnsw')) ?? 'none')
  it.each([
    [
      'a missing graph',
      (folder: string) => {
        rmSync(graphFile(folder))
      },
    ],
    [
      'a missing manifest',
      (folder: string) => {
        rmSync(path.join(folder, 'graph.json'))
      },
    ],
    [
      'a torn graph',
      (folder: string) => {
        truncateSync(graphFile(folder), 4321)
      },
    ],
    [
      'a torn manifest',
      (folder: string) => {
        truncateSync(path.join(folder, 'graph.json'), 20)
      },
    ],
  ])('with %s answers exactly, rebuilds it and gives the same answers again', async (_what, damage) => {
    const { folder, ask, answers } = await filled()
    damage(folder)
    const { engine, logged } = openEngine(folder)
    expect(logged).toEqual([expect.stringMatching(/cannot be used: .*rebuilt/)])
    const meanwhile = ask(engine)
    expect(meanwhile.every(({ exact }) => exact)).toBe(true)
    expect(meanwhile.map(({ hits }) => hits)).toEqual(answers.map(({ hits }) => hits))
    settle(engine)
    expect(ask(engine)).toEqual(answers)
    engine.close(true)
    expect(openEngine(folder).logged).toEqual([])
  })

  it('does not take a graph that is newer than its items', async () => {
    const { folder } = await filled()
    const database = new Database(path.join(folder, 'items.db'))
    database.prepare(`UPDATE collection SET snapshots = '["0123456789abcdef"]'`).run()
    database.close()
    const { engine, logged } = openEngine(folder)
    expect(logged).toEqual([expect.stringMatching(/another state/)])
    engine.close(false)
  })

  it('applies to the saved graph what was added and removed since', async () => {
    const { folder } = await filled()
    const changed = openEngine(folder, { ...alwaysGraph, sliceMs: 0 }).engine
    const [fresh = unit(1)] = unitEmbeddings(1, 16, 7)
    put(changed, [['fresh', fresh]])
    changed.deleteItems(['i0', 'i1'])
    // As after a kill: the graph is not saved again.
    changed.close(false)
    const { engine, logged } = openEngine(folder)
    expect(logged).toEqual([])
    expect(answer(engine, fresh, 1)[0]?.id).toBe('fresh')
    settle(engine)
    expect(answer(engine, fresh, 1)[0]?.id).toBe('fresh')
    expect(
      engine.search({ embedding: fresh, k: 2000, exact: false }).hits.map((hit) => hit.id),
    ).not.toContain('i0')
    engine.close(false)
  })

  it('numbers its embeddings anew before labels pass 32 bits, and never takes the old graph for the new', async () => {
    const { folder, ask, answers } = await filled()
    const database = new Database(path.join(folder, 'items.db'))
    database.prepare(`UPDATE sqlite_sequence SET seq = ? WHERE name = 'embeddings'`).run(largestLabel - 2)
    database.prepare(`DELETE FROM items WHERE id = 'i0'`).run()
    database.prepare('DELETE FROM embeddings WHERE label = 1').run()
    database.close()
    const { engine, logged } = openEngine(folder)
    const fresh = unitEmbeddings(3, 16, 7)
    put(
      engine,
      fresh.slice(0, 2).map((embedding, i) => [`fresh${i}`, embedding] as const),
    )
    expect(logged).toEqual([])
    put(engine, [
      ['i0', unitEmbeddings(1, 16)[0] ?? unit(1)],
      ['fresh2', fresh[2] ?? unit(1)],
    ])
    expect(logged).toEqual([expect.stringMatching(/anew/)])
    for (const round of ['before', 'after']) {
      for (const [i, embedding] of fresh.entries())
        expect([round, answer(engine, embedding, 1)[0]?.id]).toEqual([round, `fresh${i}`])
      engine.deleteItems([])
      settle(engine)
    }
    engine.deleteItems(['fresh0', 'fresh1', 'fresh2'])
    expect(ask(engine).map(({ hits }) => hits)).toEqual(answers.map(({ hits }) => hits))
    engine.close(true)
  })
})
