import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { dotProduct } from '../../../src/collections/embedded/dot-product.js'
import { BitSet } from '../../../src/collections/embedded/filter/bit-set.js'
import { inspectGraphFile } from '../../../src/collections/embedded/graph-file.js'
import { HnswGraph, largestLabel } from '../../../src/collections/embedded/hnsw-graph.js'
import { unit, unitEmbeddings } from './support/fixtures.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const settings = { dimensions: 4, m: 8, efConstruction: 50 }

function graphOf(count: number): { graph: HnswGraph; embeddings: Float32Array[] } {
  const embeddings = unitEmbeddings(count, 4)
  const graph = HnswGraph.create(settings)
  for (const [index, embedding] of embeddings.entries()) graph.add(index + 1, embedding)
  return { graph, embeddings }
}

describe('what would abort the process or poison the graph is refused', () => {
  const graph = HnswGraph.create(settings)
  it.each([
    ['NaN', Float32Array.of(NaN, 0, 0, 0)],
    ['infinity', Float32Array.of(0, Infinity, 0, 0)],
    ['too few dimensions', Float32Array.of(1, 0, 0)],
    ['too many dimensions', Float32Array.of(1, 0, 0, 0, 0)],
    ['plain numbers', [1, 0, 0, 0]],
    ['numbers that are none', ['1', {}, null, undefined]],
  ])('%s', (_what, embedding) => {
    // Only a caller without types can pass the last two.
    const wrong = embedding as Float32Array
    expect(() => {
      graph.add(1, wrong)
    }).toThrow(/Expected/)
    expect(() => graph.search(wrong, 1, 10)).toThrow(/Expected/)
    expect(graph.nodes).toBe(0)
  })

  it.each([0, -1, 1.5, NaN, largestLabel + 1])('the label %s', (label) => {
    expect(() => {
      graph.add(label, unit(1, 0, 0, 0))
    }).toThrow(/label/)
  })

  it('k and ef that are no count', () => {
    for (const wrong of [0, -1, 1.5, NaN]) {
      expect(() => graph.search(unit(1, 0, 0, 0), wrong, 10)).toThrow(/neighbours/)
      expect(() => graph.search(unit(1, 0, 0, 0), 1, wrong)).toThrow(/ef/)
    }
  })
})

describe('a search among some labels', () => {
  const { graph, embeddings } = graphOf(400)
  const query = embeddings[0] ?? unit(1, 0, 0, 0)
  const amongOf = (labels: readonly number[]): BitSet => {
    const among = new BitSet()
    for (const label of labels) among.add(label)
    return among
  }

  it('answers with those alone, as near as there are', () => {
    const labels = Array.from({ length: 100 }, (_, i) => 2 + 4 * i).filter((label) => label <= 400)
    const nearest = [...labels].sort(
      (a, b) =>
        dotProduct(embeddings[b - 1] ?? query, 0, query) - dotProduct(embeddings[a - 1] ?? query, 0, query),
    )
    expect(graph.searchAmong(query, 5, 50, amongOf(labels), 400)).toEqual(nearest.slice(0, 5))
    expect(graph.searchAmong(query, 5, 50, amongOf([1, 9]), 400)?.sort()).toEqual([1, 9])
    expect(graph.searchAmong(query, 5, 50, amongOf([]), 400)).toEqual([])
  })

  it('gives up when it would look at too many', () => {
    expect(graph.searchAmong(query, 5, 50, amongOf([7]), 100)).toBeNull()
    expect(graph.search(query, 1, 50)).toEqual([1])
  })
})

it('keeps the largest label whole', () => {
  const graph = HnswGraph.create(settings)
  graph.add(largestLabel, unit(1, 0, 0, 0))
  expect(graph.search(unit(1, 0, 0, 0), 1, 10)).toEqual([largestLabel])
})

it('answers an empty graph, a k beyond the count, and one beyond the capacity', () => {
  expect(HnswGraph.create(settings).search(unit(1, 0, 0, 0), 5, 10)).toEqual([])
  const { graph } = graphOf(3)
  expect(graph.search(unit(1, 0, 0, 0), 1_000_000, 10)).toHaveLength(3)
})

it('grows beyond its first capacity', () => {
  const { graph, embeddings } = graphOf(2500)
  expect(graph.size).toBe(2500)
  expect(graph.search(embeddings[2499] ?? unit(1, 0, 0, 0), 1, 50)).toEqual([2500])
})

it('finds no deleted point, and refuses to delete one twice', () => {
  const { graph, embeddings } = graphOf(50)
  graph.remove(7)
  expect(graph.search(embeddings[6] ?? unit(1, 0, 0, 0), 50, 50)).not.toContain(7)
  expect([graph.size, graph.nodes]).toEqual([49, 50])
  expect(() => {
    graph.remove(7)
  }).toThrow(/no 7/)
})

it('searches with the asked breadth after loading, which forgets it, and keeps deletions', () => {
  const { graph, embeddings } = graphOf(2000)
  graph.remove(3)
  const file = path.join(temporaryFolder(), 'graph')
  graph.write(file)
  const { deleted } = inspectGraphFile(file)
  expect(deleted).toEqual([3])
  const loaded = HnswGraph.load(file, settings, new Set(deleted))
  expect(loaded.has(3)).toBe(false)
  for (const query of embeddings.slice(0, 50)) {
    expect(loaded.search(query, 10, 200)).toEqual(graph.search(query, 10, 200))
  }
})

describe('a graph file', () => {
  it('tells its dimensions and nodes', () => {
    const { graph } = graphOf(100)
    const file = path.join(temporaryFolder(), 'graph')
    graph.write(file)
    expect(inspectGraphFile(file)).toMatchObject({ dimensions: 4, nodes: 100 })
  })

  it('that could not be written is noticed, although the library reports success', () => {
    const { graph } = graphOf(10)
    const folder = temporaryFolder()
    const missing = path.join(folder, 'missing', 'graph')
    graph.write(missing)
    expect(() => inspectGraphFile(missing)).toThrow(/ENOENT/)
    const occupied = path.join(folder, 'occupied')
    mkdirSync(occupied)
    graph.write(occupied)
    expect(() => inspectGraphFile(occupied)).toThrow()
  })
})
