import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer, picture, type TestServer } from './test-server.js'

interface Answer {
  results: { id: string; group: unknown; score: number; items?: { id: string; metadata?: object }[] }[]
  nextCursor: string | null
  total: number
}

let server: TestServer
const api = () => request(server.app)
const search = (body: object) =>
  api()
    .post('/v1/collections/shoes/search')
    .send({ embedding: [1, 0], ...body })
const ids = ({ body }: { body: unknown }) => (body as Answer).results.map(({ id }) => id)

/** Ever farther from [1, 0]; two pictures a product. */
const shoes = Array.from({ length: 12 }, (_, i) => ({
  id: `shoe-${String(i).padStart(2, '0')}`,
  embedding: [Math.cos(i / 10), Math.sin(i / 10)],
  group: `product-${Math.floor(i / 2)}`,
  metadata: { colour: ['brown', 'black', 'red'][i % 3], price: 10 * i, addedOn: `2024-01-${10 + i}` },
}))

beforeAll(async () => {
  server = await openTestServer({ flags: { maxFilterDepth: 3, maxFilterTerms: 5 } })
  await api()
    .put('/v1/collections/shoes')
    .send({ dimensions: 2, fields: { addedOn: 'date' } })
    .expect(201)
  for (const { id, ...shoe } of shoes)
    await api().put(`/v1/collections/shoes/items/${id}`).send(shoe).expect(201)
  await api().put('/v1/collections/colours').expect(201)
  for (const colour of ['red', 'blue']) {
    await api()
      .put(`/v1/collections/colours/items/${colour}`)
      .attach('image', await picture(colour), 'x.jpg')
      .field('metadata', JSON.stringify({ colour }))
      .expect(201)
  }
})
afterAll(() => server.close())

describe('a search with a filter', () => {
  it('answers with items that match, how many there are and how they were found', async () => {
    const filter = {
      colour: { in: ['brown', 'red'] },
      price: { gte: 50 },
      addedOn: { lt: '2024-01-21T00:00:00Z' },
    }
    const answered = await search({ filter, k: 3 }).expect(200)
    expect(ids(answered)).toEqual(['shoe-05', 'shoe-06', 'shoe-08'])
    expect(answered.body).toMatchObject({ total: 4, exact: true, plan: 'filtered-scan' })
  })

  it('takes it in multipart as JSON', async () => {
    const answered = await api()
      .post('/v1/collections/colours/search')
      .attach('image', await picture('red'), 'x.jpg')
      .field('filter', '{"colour": {"ne": "red"}}')
      .expect(200)
    expect(ids(answered)).toEqual(['blue'])
  })

  it.each([
    ['an unknown operator', { price: { above: 5 } }, 'filter.price.above'],
    ['a wrong operand', { price: { in: 5 } }, 'filter.price.in'],
    ['no date', { and: [{ addedOn: { gt: 'soon' } }] }, 'filter.and.0.addedOn.gt'],
    ['more levels than the setting allows', { not: { not: { not: {} } } }, 'filter.not.not.not'],
    ['more operands than the setting allows', { price: { in: [1, 2, 3, 4, 5, 6] } }, '5 operands'],
  ])('refuses %s and says where', async (_what, filter, place) => {
    const refused = await search({ filter }).expect(400)
    expect(refused.body).toMatchObject({
      code: 'INVALID_FILTER',
      detail: expect.stringContaining(place) as string,
    })
  })

  it('refuses one that is no object', async () => {
    const refused = await search({ filter: ['brown'] }).expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', field: 'filter' })
  })
})

describe('a search by groups', () => {
  it('answers with groups, the best item of each and its items', async () => {
    const answered = await search({
      groupBy: 'group',
      groupSize: 1,
      k: 2,
      filter: { price: { gte: 30 } },
    }).expect(200)
    const { results } = answered.body as Answer
    expect(results).toEqual([
      {
        group: 'product-1',
        id: 'shoe-03',
        score: expect.closeTo(Math.cos(0.3), 6) as number,
        items: [expect.objectContaining({ id: 'shoe-03', group: 'product-1', metadata: shoes[3]?.metadata })],
      },
      expect.objectContaining({ group: 'product-2', id: 'shoe-04' }),
    ])
    const both = await search({ groupBy: 'group', k: 1, include: [] }).expect(200)
    const [first] = (both.body as Answer).results
    expect(first?.items?.map(({ id }) => id)).toEqual(['shoe-00', 'shoe-01'])
    expect(first?.items?.[0]).not.toHaveProperty('metadata')
  })

  it('groups by a metadata field', async () => {
    const answered = await search({ groupBy: 'colour' }).expect(200)
    expect((answered.body as Answer).results.map(({ group, items }) => [group, items?.length])).toEqual([
      ['brown', 3],
      ['black', 3],
      ['red', 3],
    ])
  })
})

describe('pages', () => {
  const allPages = async (body: object): Promise<string[]> => {
    const found: string[] = []
    let cursor: string | null | undefined
    while (cursor !== null) {
      const page = await search({ ...body, ...(cursor !== undefined && { cursor }) }).expect(200)
      found.push(...ids(page))
      cursor = (page.body as Answer).nextCursor
    }
    return found
  }

  it('of a search hold everything once, best first', async () => {
    expect(await allPages({ k: 5 })).toEqual(shoes.map(({ id }) => id))
    expect(await allPages({ k: 2, minScore: Math.cos(0.45) })).toEqual(shoes.slice(0, 5).map(({ id }) => id))
    expect(await allPages({ k: 2, filter: { colour: { eq: 'red' } } })).toEqual(
      shoes.filter((_, i) => i % 3 === 2).map(({ id }) => id),
    )
    expect(await allPages({ k: 4, groupBy: 'group' })).toEqual(
      shoes.filter((_, i) => i % 2 === 0).map(({ id }) => id),
    )
  })

  it('of a picture go on when it is sent again', async () => {
    const post = async (cursor?: string) => {
      const sent = api()
        .post('/v1/collections/colours/search')
        .attach('image', await picture('red'), 'x.jpg')
      return sent.field('k', '1').field(cursor === undefined ? {} : { cursor })
    }
    const first = (await post()).body as Answer
    const second = (await post(first.nextCursor ?? '')).body as Answer
    expect([...first.results, ...second.results].map(({ id }) => id)).toEqual(['red', 'blue'])
    expect(second.nextCursor).toBeNull()
  })

  it('belong to their query, and are gone after a write', async () => {
    const first = await search({ k: 2 }).expect(200)
    const cursor = (first.body as Answer).nextCursor
    const other = await search({ k: 2, cursor, embedding: [0, 1] }).expect(400)
    expect(other.body).toMatchObject({ code: 'INVALID_CURSOR' })
    await api()
      .patch('/v1/collections/shoes/items/shoe-11')
      .send({ metadata: { seen: true } })
      .expect(200)
    const gone = await search({ k: 2, cursor }).expect(410)
    expect(gone.body).toMatchObject({ code: 'CURSOR_GONE', hint: expect.any(String) as string })
  })
})

describe('items and facets', () => {
  const filter = JSON.stringify({ colour: { ne: 'black' }, price: { lt: 60 } })

  it('are listed and counted by a filter', async () => {
    const listed = await api().get('/v1/collections/shoes/items').query({ filter, limit: 3 }).expect(200)
    const { items, nextCursor } = listed.body as { items: { id: string }[]; nextCursor: string }
    expect(items.map(({ id }) => id)).toEqual(['shoe-00', 'shoe-02', 'shoe-03'])
    const rest = await api()
      .get('/v1/collections/shoes/items')
      .query({ filter, limit: 3, cursor: nextCursor })
    expect(rest.body).toMatchObject({ items: [{ id: 'shoe-05' }], nextCursor: null })
    const facets = await api()
      .get('/v1/collections/shoes/facets')
      .query({ field: 'colour', filter })
      .expect(200)
    expect(facets.body).toEqual({
      field: 'colour',
      values: [
        { value: 'brown', count: 2 },
        { value: 'red', count: 2 },
      ],
      distinct: 2,
      total: 4,
    })
  })

  it.each([
    ['items', {}, '{colour}'],
    ['facets', { field: 'colour' }, '{"colour": {"is": 1}}'],
    ['facets', { field: 'colour' }, '[]'],
  ])('%s %j refuse the filter %s', async (resource, query, text) => {
    const refused = await api()
      .get(`/v1/collections/shoes/${resource}`)
      .query({ ...query, filter: text })
      .expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_FILTER' })
  })

  it('facets need a field and a collection', async () => {
    const noField = await api().get('/v1/collections/shoes/facets').expect(400)
    expect(noField.body).toMatchObject({ code: 'INVALID_REQUEST', field: 'field' })
    await api().get('/v1/collections/nowhere/facets').query({ field: 'colour' }).expect(404)
  })
})
