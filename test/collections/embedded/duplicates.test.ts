import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DuplicateGroup } from '../../../src/collections/collection-store.js'
import { unit, unitEmbeddings } from './support/fixtures.js'
import { code, item, open, plane } from './support/open-store.js'

const spec = { model: null, dimensions: 16 }

/** Groups by comparing every two, merging until nothing changes. */
function plainGroups(embeddings: readonly Float32Array[], threshold: number): string[][] {
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)
  const group = embeddings.map((_, i) => i)
  for (let changed = true; changed;) {
    changed = false
    for (const [i, a] of embeddings.entries()) {
      for (const [j, b] of embeddings.entries()) {
        const [gi = 0, gj = 0] = [group[i], group[j]]
        if (gi === gj || dot(a, b) < threshold) continue
        group[i] = group[j] = Math.min(gi, gj)
        changed = true
      }
    }
  }
  const groups = new Map<number, string[]>()
  for (const [i, g] of group.entries()) groups.set(g, [...(groups.get(g) ?? []), `i${i}`])
  return [...groups.values()].filter((ids) => ids.length > 1).map((ids) => ids.sort())
}

const idsIn = (groups: readonly DuplicateGroup[]): string[][] =>
  groups.map(({ items }) => items.map(({ id }) => id))
const sorted = (groups: string[][]): string[] => groups.map((ids) => ids.join()).sort()

describe('duplicates', () => {
  it.each([
    ['compared with all', {}],
    ['by the graph', { scanBelow: 0, sliceMs: 1 }],
  ])('are what comparing every two finds (%s)', async (_how, tuning) => {
    const { store } = await open(undefined, tuning)
    const centres = unitEmbeddings(40, 16, 3)
    const noise = unitEmbeddings(200, 16, 4)
    const embeddings = noise.map((one, i) => {
      const centre = centres[i % 60] ?? one
      return unit(...centre.map((x, d) => x + 0.12 * (one[d] ?? 0)))
    })
    await store.createCollection('c', spec)
    await store.putItems(
      'c',
      embeddings.map((embedding, i) => ({ id: `i${i}`, embedding })),
    )
    const heard: number[] = []
    const groups = await store.findDuplicates('c', {
      threshold: 0.97,
      most: 1000,
      onLooked: (n) => heard.push(n),
    })
    const plain = plainGroups(embeddings, 0.97)
    expect(plain.length).toBeGreaterThan(5)
    expect(sorted(idsIn(groups))).toEqual(sorted(plain))
    expect(heard.at(-1)).toBe(200)
  })

  it('are found whatever the embeddings and the threshold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 }),
        fc.constantFrom(0.9, 0.99, 0.999, 1),
        async (angles, threshold) => {
          const { store } = await open()
          const embeddings = angles.map((angle) => unit(Math.cos(angle / 20), Math.sin(angle / 20)))
          await store.createCollection('c', plane)
          await store.putItems(
            'c',
            embeddings.map((embedding, i) => ({ id: `i${i}`, embedding })),
          )
          const groups = await store.findDuplicates('c', { threshold, most: 1000 })
          // The cosine of equal embeddings is 1 but for the rounding of float32; that of the nearest others is 0.9987.
          const wanted = plainGroups(embeddings, threshold === 1 ? 1 - 1e-6 : threshold)
          expect(sorted(idsIn(groups))).toEqual(sorted(wanted))
          await store.close()
        },
      ),
      { numRuns: 8 },
    )
  })

  it('say how near each item is to another of its group, the largest group first', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    await store.putItems('c', [
      item('far', -1, 0),
      item('b', 1, 0),
      item('a', 2, 0),
      item('near', 1, 0.1),
      item('y', 0, 1),
      item('x', 0.01, 1),
    ])
    const groups = await store.findDuplicates('c', { threshold: 0.99, most: 10 })
    expect(idsIn(groups)).toEqual([
      ['a', 'b', 'near'],
      ['x', 'y'],
    ])
    expect(groups[0]?.items[0]?.similarity).toBe(1)
    expect(groups[0]?.items[2]?.similarity).toBeCloseTo(1 / Math.hypot(1, 0.1), 5)
  })

  it('are refused when too many, and stop when they are told to', async () => {
    const { store } = await open()
    await store.createCollection('c', plane)
    await store.putItems(
      'c',
      ['a', 'b', 'c'].map((id) => item(id, 1, 0)),
    )
    await expect(store.findDuplicates('c', { threshold: 0.9, most: 2 })).rejects.toThrow(
      code('TOO_MANY_DUPLICATES'),
    )
    expect(idsIn(await store.findDuplicates('c', { threshold: 0.9, most: 3 }))).toEqual([['a', 'b', 'c']])
    const stopped = AbortSignal.abort()
    await expect(store.findDuplicates('c', { threshold: 0.9, most: 3, signal: stopped })).rejects.toBe(
      stopped.reason,
    )
    await expect(store.findDuplicates('gone', { threshold: 0.9, most: 3 })).rejects.toThrow(
      code('COLLECTION_NOT_FOUND'),
    )
  })

  it('let searches come between', async () => {
    const { store } = await open(undefined, { sliceMs: 1 })
    await store.createCollection('c', spec)
    const embeddings = unitEmbeddings(3000, 16)
    for (let n = 0; n < 3000; n += 1000) {
      const part = embeddings.slice(n, n + 1000)
      await store.putItems(
        'c',
        part.map((embedding, i) => ({ id: `i${n + i}`, embedding })),
      )
    }
    const state = { over: false }
    const looking = store.findDuplicates('c', { threshold: 0.9, most: 10_000 }).finally(() => {
      state.over = true
    })
    let between = 0
    while (!state.over) {
      await store.search('c', { embedding: embeddings[0] ?? new Float32Array(16), k: 1 })
      between++
    }
    await looking
    expect(between).toBeGreaterThan(20)
  })
})
