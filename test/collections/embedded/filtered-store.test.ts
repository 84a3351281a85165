import { describe, expect, it } from 'vitest'
import type { CollectionStore, SearchQuery } from '../../../src/collections/collection-store.js'
import { unitEmbeddings } from './support/fixtures.js'
import { code, open } from './support/open-store.js'

const spec = { model: null, dimensions: 8, fields: { added: 'date' } } as const
const embeddings = unitEmbeddings(60, 8)
const embedding = embeddings[0] ?? new Float32Array(8)

/** Sixty items: every third is red, the others blue; added on one of ten days; six products. */
async function filled(): Promise<{ store: CollectionStore; folder: string }> {
  const { store, folder } = await open()
  await store.createCollection('c', spec)
  await store.putItems(
    'c',
    embeddings.map((one, i) => ({
      id: `i${String(i).padStart(2, '0')}`,
      embedding: one,
      group: `product ${i % 6}`,
      metadata: {
        colour: i % 3 === 0 ? 'red' : 'blue',
        added: `2024-01-${String(1 + (i % 10)).padStart(2, '0')}`,
        sizes: i % 2 === 0 ? [38, 39] : [],
      },
    })),
  )
  return { store, folder }
}
const red = { colour: { eq: 'red' } }

async function pagesOf(store: CollectionStore, query: Omit<SearchQuery, 'embedding'>): Promise<string[][]> {
  const pages: string[][] = []
  let cursor: string | null | undefined
  while (cursor !== null && pages.length < 100) {
    const page = await store.search('c', { ...query, embedding, ...(cursor !== undefined && { cursor }) })
    pages.push(page.hits.map(({ id }) => id))
    cursor = page.nextCursor
  }
  return pages
}

describe('a search with a filter', () => {
  it('returns k that match, counts all that do, and says how it found them', async () => {
    const { store } = await filled()
    const answer = await store.search('c', {
      embedding,
      k: 5,
      filter: { ...red, added: { lt: '2024-01-04T00:00:00Z' } },
    })
    expect(answer).toMatchObject({ total: 6, plan: 'filtered-scan', exact: true })
    expect(answer.hits).toHaveLength(5)
    for (const { metadata } of answer.hits) expect(metadata).toMatchObject({ colour: 'red' })
    const none = await store.search('c', { embedding, k: 5, filter: { colour: { eq: 'green' } } })
    expect(none).toMatchObject({ hits: [], total: 0, nextCursor: null })
  })

  it('refuses one that is wrong, by its grammar and by the type of a field', async () => {
    const { store } = await filled()
    const search = (filter: object) => store.search('c', { embedding, k: 1, filter: { ...filter } })
    await expect(search({ colour: { like: 'r%' } })).rejects.toThrow(code('INVALID_FILTER'))
    await expect(search({ added: { gt: 'soon' } })).rejects.toThrow(/filter\.added\.gt/)
  })
})

describe('pages of a search', () => {
  it('of any size hold every item once, best first', async () => {
    const { store } = await filled()
    const whole = (await pagesOf(store, { k: 60 })).flat()
    expect(whole).toHaveLength(60)
    for (const k of [1, 7, 59]) expect((await pagesOf(store, { k })).flat()).toEqual(whole)
    const some = await pagesOf(store, { k: 6, filter: red })
    expect(some.map((page) => page.length)).toEqual([6, 6, 6, 2])
  })

  it('may differ in size, and end where the scores do', async () => {
    const { store } = await filled()
    const whole = (await pagesOf(store, { k: 60 })).flat()
    const first = await store.search('c', { embedding, k: 3 })
    const second = await store.search('c', { embedding, k: 9, cursor: first.nextCursor ?? '' })
    expect([...first.hits, ...second.hits].map(({ id }) => id)).toEqual(whole.slice(0, 12))
    const minScore = first.hits[2]?.score ?? 0
    expect((await pagesOf(store, { k: 2, minScore })).flat()).toEqual(whole.slice(0, 3))
    const exactly = await store.search('c', { embedding, k: 3, minScore })
    expect(exactly.nextCursor).toBeNull()
  })

  it('are gone once an item was written, and only then', async () => {
    const { store, folder } = await filled()
    const { nextCursor } = await store.search('c', { embedding, k: 3 })
    const cursor = nextCursor ?? ''
    await store.deleteItems('c', ['nobody'])
    const before = await store.search('c', { embedding, k: 3, cursor })
    await store.close()
    const { store: reopened } = await open(folder)
    expect(await reopened.search('c', { embedding, k: 3, cursor })).toEqual(before)
    await reopened.patchItem('c', 'i59', { metadata: { colour: 'green' } })
    await expect(reopened.search('c', { embedding, k: 3, cursor })).rejects.toThrow(code('CURSOR_GONE'))
  })

  it('belong to one query', async () => {
    const { store } = await filled()
    const { nextCursor } = await store.search('c', { embedding, k: 3, filter: red })
    const cursor = nextCursor ?? ''
    const other = { filter: { colour: { eq: 'blue' } } }
    const wrong: Partial<SearchQuery>[] = [
      other,
      {},
      { filter: red, minScore: 0 },
      { filter: red, groupBy: 'group' },
      { filter: red, collapse: 0.9 },
    ]
    wrong.push({ filter: red, embedding: embeddings[1] ?? embedding }, { filter: red, excludeIds: ['i01'] })
    for (const query of wrong) {
      await expect(store.search('c', { embedding, k: 3, cursor, ...query })).rejects.toThrow(
        code('INVALID_CURSOR'),
      )
    }
    await store.createCollection('d', spec)
    await expect(store.search('d', { embedding, k: 3, filter: red, cursor })).rejects.toThrow(
      code('INVALID_CURSOR'),
    )
  })
})

it('a search by groups gives the best of each, and k counts groups', async () => {
  const { store } = await filled()
  await store.putItems('c', [{ id: 'alone', embedding }])
  const answer = await store.search('c', { embedding, k: 4, groupBy: 'group', groupSize: 2 })
  expect(answer.groups?.map(({ items }) => items.length).sort()).toEqual([1, 2, 2, 2])
  expect(answer.groups).toContainEqual({ group: null, items: [expect.objectContaining({ id: 'alone' })] })
  expect(answer.hits.map(({ id }) => id)).toEqual(answer.groups?.map(({ items }) => items[0]?.id))
  const rest = await store.search('c', {
    embedding,
    k: 4,
    groupBy: 'group',
    groupSize: 2,
    cursor: answer.nextCursor ?? '',
  })
  const names = [...(answer.groups ?? []), ...(rest.groups ?? [])].map(({ group }) => group)
  expect(names.sort()).toEqual([...Array.from({ length: 6 }, (_, i) => `product ${i}`), null].sort())
  expect(rest.nextCursor).toBeNull()
  const byDay = await store.search('c', { embedding, k: 100, groupBy: 'added' })
  expect(byDay.groups).toHaveLength(11)
})

it('facets count what matches, dates as instants and arrays by their values', async () => {
  const { store } = await filled()
  expect(await store.facets('c', { field: 'colour', limit: 10 })).toEqual({
    field: 'colour',
    values: [
      { value: 'blue', count: 40 },
      { value: 'red', count: 20 },
    ],
    distinct: 2,
    total: 60,
  })
  const sizes = await store.facets('c', { field: 'sizes', limit: 10, filter: red })
  expect(sizes).toMatchObject({
    values: [
      { value: 38, count: 10 },
      { value: 39, count: 10 },
    ],
    total: 20,
  })
  const days = await store.facets('c', { field: 'added', limit: 2, filter: { added: { lte: '2024-01-05' } } })
  expect(days).toMatchObject({
    values: [{ value: '2024-01-01T00:00:00Z', count: 6 }, { value: '2024-01-02T00:00:00Z' }],
    distinct: 5,
    total: 30,
  })
  expect(await store.facets('c', { field: 'unknown', limit: 1 })).toMatchObject({ values: [], total: 60 })
  await expect(store.facets('c', { field: 'colour', limit: 0 })).rejects.toThrow(code('INVALID_ARGUMENT'))
})

it('items are listed by a filter, page by page, each page of the same filter', async () => {
  const { store } = await filled()
  const first = await store.listItems('c', { limit: 15, filter: red })
  const cursor = first.nextCursor ?? ''
  const second = await store.listItems('c', { limit: 15, filter: red, cursor })
  const ids = [...first.items, ...second.items].map(({ id }) => id)
  expect(ids).toEqual(Array.from({ length: 20 }, (_, i) => `i${String(3 * i).padStart(2, '0')}`))
  expect(second.nextCursor).toBeNull()
  await expect(store.listItems('c', { limit: 15, cursor })).rejects.toThrow(code('INVALID_CURSOR'))
  await expect(store.listItems('c', { limit: 15, filter: { a: 5 } })).rejects.toThrow(code('INVALID_FILTER'))
})

describe('deleting by a filter', () => {
  it('deletes what matches, in as many steps as it takes', async () => {
    const { store } = await filled()
    const more = unitEmbeddings(2100, 8, 3)
    await store.putItems(
      'c',
      more.map((one, i) => ({ id: `m${i}`, embedding: one, metadata: { colour: 'green' } })),
    )
    expect(await store.deleteMatching('c', { colour: { eq: 'green' } })).toBe(2100)
    expect((await store.getCollection('c')).counts.items).toBe(60)
    expect(await store.deleteMatching('c', { colour: { eq: 'green' } })).toBe(0)
  })

  it('of everything has to be said', async () => {
    const { store } = await filled()
    for (const filter of [{}, { or: [red, {}] }, { not: { or: [] } }]) {
      await expect(store.deleteMatching('c', filter)).rejects.toThrow(code('INVALID_FILTER'))
    }
    expect(await store.deleteMatching('c', {}, { all: true })).toBe(60)
  })
})
