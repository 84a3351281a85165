import { beforeEach, describe, expect, it } from 'vitest'
import type { CollectionStore, SearchQuery } from '../../../src/collections/collection-store.js'
import { unitEmbeddings } from './support/fixtures.js'
import { code, open } from './support/open-store.js'

let store: CollectionStore
const embeddings = unitEmbeddings(40, 8)
const embedding = embeddings[0] ?? new Float32Array()

beforeEach(async () => {
  ;({ store } = await open())
  await store.createCollection('c', { model: null, dimensions: 8 })
  await store.putItems(
    'c',
    embeddings.map((one, at) => ({ id: `i${at}`, embedding: one, group: `g${at % 9}` })),
  )
})

const search = (query: Partial<SearchQuery>) => store.search('c', { embedding, k: 5, ...query })

describe('a refined search of a store', () => {
  it('answers from its candidates, page by page, and its scores stay cosines', async () => {
    const refined = { rerank: 'k-reciprocal', diversity: 0.3, candidates: 12 } as const
    const first = await search(refined)
    const second = await search({ ...refined, k: 12, cursor: first.nextCursor ?? '' })
    expect(second.nextCursor).toBeNull()
    const plain = await search({ k: 12 })
    const scores = new Map(plain.hits.map(({ id, score }) => [id, score]))
    const found = [...first.hits, ...second.hits]
    expect(new Map(found.map(({ id, score }) => [id, score]))).toEqual(scores)
    expect(found.map(({ id }) => id)).not.toEqual(plain.hits.map(({ id }) => id))
    expect(first.total).toBe(40)
  })

  it('has a cursor of its own for each way of refining', async () => {
    const { nextCursor } = await search({ diversity: 0.5 })
    const cursor = nextCursor ?? ''
    for (const other of [{}, { diversity: 0.6 }, { diversity: 0.5, candidates: 30 }, { collapse: 0.5 }]) {
      await expect(search({ ...other, cursor })).rejects.toThrow(code('INVALID_CURSOR'))
    }
    expect((await search({ diversity: 0.5, cursor })).hits).toHaveLength(5)
  })

  it('takes the embeddings along that were asked for', async () => {
    const { hits } = await search({ withEmbeddings: true })
    expect(hits[0]?.embedding).toEqual(await store.getEmbedding('c', hits[0]?.id ?? ''))
    expect((await search({})).hits[0]).not.toHaveProperty('embedding')
  })

  it.each<[string, Partial<SearchQuery>, RegExp]>([
    ['a threshold beyond a cosine', { collapse: 1.5 }, /collapse/],
    ['a negative diversity', { diversity: -0.1 }, /diversity/],
    ['an unknown way', { rerank: 'best' as 'k-reciprocal' }, /query-expansion, k-reciprocal for rerank/],
    ['candidates with nothing to choose', { candidates: 50 }, /collapse, rerank or diversity for candidates/],
    [
      'fewer candidates than results',
      { diversity: 0.5, candidates: 4 },
      /from k \(5\) to 2000 for candidates/,
    ],
    ['more results than candidates', { diversity: 0.5, k: 201 }, /from k \(201\) to 2000 for candidates/],
    ['more candidates than the store bears', { diversity: 0.5, candidates: 2001 }, /candidates/],
    ['part of a candidate', { diversity: 0.5, candidates: 9.5 }, /candidates/],
    ['too many ids to leave out', { excludeIds: Array.from({ length: 1001 }, () => 'a') }, /excludeIds/],
    ['an id that is none', { excludeIds: ['..'] }, /id/],
  ])('refuses %s', async (_what, query, message) => {
    await expect(search(query)).rejects.toThrow(code('INVALID_ARGUMENT'))
    await expect(search(query)).rejects.toThrow(message)
  })
})
