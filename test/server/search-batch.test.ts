import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer, picture, type TestServer } from './test-server.js'

interface Part {
  results?: { id: string }[]
  code?: string
  [key: string]: unknown
}

let server: TestServer
const api = () => request(server.app)
const batch = (queries: unknown, collection = 'colours') =>
  api().post(`/v1/collections/${collection}/search/batch`).send({ queries })
const answersOf = ({ body }: { body: unknown }) => (body as { answers: Part[] }).answers
const colours = ['red', 'green', 'blue']

beforeAll(async () => {
  server = await openTestServer({ flags: { maxBatchQueries: 30 } })
  await api().put('/v1/collections/colours').expect(201)
  for (const colour of colours) {
    await api()
      .put(`/v1/collections/colours/items/${colour}`)
      .attach('image', await picture(colour), 'x.jpg')
      .expect(201)
  }
})
afterAll(() => server.close())

describe('a batch of searches', () => {
  it('answers each as it would be answered alone, in their order', async () => {
    const queries = await Promise.all(
      Array.from({ length: 24 }, async (_, at) => {
        const colour = colours[at % 3] ?? ''
        return at % 2 === 0
          ? { base64: (await picture(colour)).toString('base64'), k: 1 + (at % 3) }
          : { itemId: colour, k: 1, include: [] }
      }),
    )
    const answers = answersOf(await batch(queries).expect(200))
    expect(answers).toHaveLength(queries.length)
    for (const [at, query] of queries.entries()) {
      const alone = await api().post('/v1/collections/colours/search').send(query).expect(200)
      const { timings, ...rest } = alone.body as Part
      expect(answers[at]).toMatchObject(rest)
      expect(Object.keys(answers[at]?.['timings'] ?? {})).toEqual(Object.keys(timings ?? {}))
    }
  })

  it('loses nothing by a query that is wrong', async () => {
    const sent = batch([
      { itemId: 'red', k: 1 },
      { itemId: 'red', k: 0 },
      { itemId: 'purple' },
      {},
      { base64: Buffer.from('no picture').toString('base64') },
      { itemId: 'red', filter: { price: { above: 1 } } },
      { itemId: 'blue', k: 2 },
    ])
    const answered = await sent.set('X-Request-Id', 'batch-1').expect(200)
    const answers = answersOf(answered)
    expect(answers.map(({ code, results }) => code ?? results?.length)).toEqual([
      1,
      'INVALID_REQUEST',
      'ITEM_NOT_FOUND',
      'INVALID_REQUEST',
      'IMAGE_UNSUPPORTED',
      'INVALID_FILTER',
      2,
    ])
    expect(answers[1]).toMatchObject({ field: 'k', status: 400, requestId: 'batch-1' })
    expect(answers[2]).toMatchObject({ status: 404, type: '/docs/errors#ITEM_NOT_FOUND' })
  })

  it('is refused as a whole where all of it is wrong', async () => {
    const none = await batch([]).expect(400)
    expect(none.body).toMatchObject({ code: 'INVALID_REQUEST', field: 'queries' })
    const text = await batch(['red']).expect(400)
    expect(text.body).toMatchObject({ code: 'INVALID_REQUEST', field: 'queries.0' })
    const many = await batch(Array.from({ length: 31 }, () => ({ itemId: 'red' }))).expect(400)
    expect(many.body).toMatchObject({
      code: 'INVALID_REQUEST',
      field: 'queries',
      detail: 'A batch takes at most 30 queries, not 31',
    })
    const nowhere = await batch([{ itemId: 'red' }], 'nowhere').expect(404)
    expect(nowhere.body).toMatchObject({ code: 'COLLECTION_NOT_FOUND' })
  })
})
