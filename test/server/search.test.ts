import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer, picture, type TestServer } from './test-server.js'

interface Answer {
  results: { id: string; score: number; group: string | null; metadata?: object }[]
  timings: { decode: number; embed: number; search: number; total: number }
  [key: string]: unknown
}

const colours = ['red', 'green', 'blue', 'yellow', 'black', 'white']
let server: TestServer
const api = () => request(server.app)
const search = (collection = 'colours') => api().post(`/v1/collections/${collection}/search`)

beforeAll(async () => {
  server = await openTestServer({ flags: { maxK: 50, maxImageBytes: 100_000 } })
  await api().put('/v1/collections/colours').expect(201)
  for (const colour of colours) {
    await api()
      .put(`/v1/collections/colours/items/${colour}`)
      .attach('image', await picture(colour), 'x.jpg')
      .field('metadata', JSON.stringify({ colour }))
      .field('group', 'all')
      .expect(201)
  }
  await api().put('/v1/collections/plain').send({ dimensions: 2 }).expect(201)
  for (const [id, embedding] of Object.entries({ east: [1, 0], north: [0, 1], west: [-1, 0] })) {
    await api().put(`/v1/collections/plain/items/${id}`).send({ embedding }).expect(201)
  }
})
afterAll(() => server.close())

const ids = ({ body }: { body: unknown }) => (body as Answer).results.map(({ id }) => id)

describe('search by a multipart picture', () => {
  it('answers in the shape of the contract, the picture itself first', async () => {
    const answered = await search()
      .attach('image', await picture('blue'), 'photo.jpg')
      .field('k', '3')
      .expect(200)
    const body = answered.body as Answer
    expect(Object.keys(body)).toEqual([
      'results',
      'nextCursor',
      'model',
      'collection',
      'total',
      'exact',
      'plan',
      'indexedAt',
      'crop',
      'timings',
    ])
    expect(body).toMatchObject({
      nextCursor: expect.any(String) as string,
      plan: 'scan',
      model: server.bundle.model,
      collection: 'colours',
      total: colours.length,
      crop: [0, 0, 1, 1],
    })
    expect(body.results).toHaveLength(3)
    expect(body.results[0]).toEqual({
      id: 'blue',
      score: expect.closeTo(1, 5) as number,
      group: 'all',
      metadata: { colour: 'blue' },
    })
    expect(body.results.map(({ score }) => score)).toEqual(
      body.results.map(({ score }) => score).sort((a, b) => b - a),
    )
    const { decode, embed, search: searched, total } = body.timings
    expect(decode).toBeGreaterThan(0)
    expect(embed).toBeGreaterThan(0)
    expect(searched).toBeGreaterThan(0)
    expect(total).toBeGreaterThanOrEqual(decode + embed + searched - 0.01)
  })

  it('looks only at the crop', async () => {
    const half = await picture('red', 'green')
    const whole = await search().attach('image', half, 'x').field('k', '1').expect(200)
    expect((whole.body as Answer).results[0]?.score).toBeLessThan(0.999)
    for (const [crop, colour] of [
      ['[0,0,0.4,1]', 'red'],
      ['[0.6,0,1,1]', 'green'],
    ] as const) {
      const answered = await search()
        .attach('image', half, 'x')
        .field('k', '1')
        .field('crop', crop)
        .expect(200)
      expect(ids(answered)).toEqual([colour])
      expect((answered.body as Answer)['crop']).toEqual(JSON.parse(crop))
    }
  })

  it('takes a list as JSON in one part, or each of its values in a part of its own', async () => {
    const image = await picture('blue')
    const asked = () => search().attach('image', image, 'x').field('k', '1')
    const whole = await asked().field('include', '["embedding"]').field('crop', '[0,0,0.5,1]').expect(200)
    const one = await asked().field('include', 'embedding').field('crop', ['0', '0', '0.5', '1']).expect(200)
    expect((one.body as Answer).results).toEqual((whole.body as Answer).results)
    expect((one.body as Answer)['crop']).toEqual([0, 0, 0.5, 1])
    expect((one.body as Answer).results[0]).toHaveProperty('embedding')
    const two = await asked().field('include', ['embedding', 'metadata']).expect(200)
    expect((two.body as Answer).results[0]).toHaveProperty('metadata')
    const wrong = await asked().field('crop', ['0', '0', 'half', '1']).expect(400)
    expect(wrong.body).toMatchObject({ code: 'INVALID_REQUEST', field: 'crop.2' })
  })

  it('takes exact, ef, minScore and include', async () => {
    const answered = await search()
      .attach('image', await picture('blue'), 'x')
      .field('exact', 'true')
      .field('ef', '20')
      .field('minScore', '0.999')
      .field('include', '[]')
      .expect(200)
    expect(answered.body).toMatchObject({ exact: true, total: colours.length })
    const { results } = answered.body as Answer
    expect(results.map(({ id }) => id)).toEqual(['blue'])
    expect(results[0]).not.toHaveProperty('metadata')
  })
})

describe('search by JSON', () => {
  it('by base64 answers as by the file itself', async () => {
    const blue = await picture('blue')
    const byFile = await search().attach('image', blue, 'x').expect(200)
    const byText = await search()
      .send({ base64: blue.toString('base64') })
      .expect(200)
    expect((byText.body as Answer).results).toEqual((byFile.body as Answer).results)
  })

  it('by itemId leaves that item out', async () => {
    const answered = await search('plain').send({ itemId: 'east' }).expect(200)
    expect(ids(answered)).toEqual(['north', 'west'])
    expect(answered.body).toMatchObject({ model: null, crop: null, timings: { decode: 0, embed: 0 } })
  })

  it('by embedding gives cosine similarity', async () => {
    const answered = await search('plain')
      .send({ embedding: [3, 4], exact: true })
      .expect(200)
    const { results } = answered.body as Answer
    expect(results.map(({ id, score }) => [id, Math.round(score * 1e6) / 1e6])).toEqual([
      ['north', 0.8],
      ['east', 0.6],
      ['west', -0.6],
    ])
  })

  it('finds what was written just before, and not what was deleted', async () => {
    await api()
      .put('/v1/collections/plain/items/new')
      .send({ embedding: [0.6, 0.8] })
      .expect(201)
    expect(
      ids(
        await search('plain')
          .send({ embedding: [3, 4], k: 1 })
          .expect(200),
      ),
    ).toEqual(['new'])
    await api().delete('/v1/collections/plain/items/new').expect(204)
    expect(
      ids(
        await search('plain')
          .send({ embedding: [3, 4] })
          .expect(200),
      ),
    ).not.toContain('new')
  })
})

describe('what a search refuses', () => {
  it.each([
    ['no query', { k: 5 }, 'body'],
    ['two queries', { itemId: 'east', embedding: [1, 0] }, 'body'],
    ['k of no whole number', { itemId: 'east', k: 1.5 }, 'k'],
    ['k as text', { itemId: 'east', k: '5' }, 'k'],
    ['k of zero', { itemId: 'east', k: 0 }, 'k'],
    ['k beyond the setting', { itemId: 'east', k: 51 }, 'k'],
    ['an option that does not exist', { itemId: 'east', sort: 'price' }, 'sort'],
    ['an unknown way of re-ranking', { itemId: 'east', rerank: 'best' }, 'rerank'],
    ['an inclusion that does not exist', { itemId: 'east', include: ['picture'] }, 'include.0'],
    ['a crop without a picture', { itemId: 'east', crop: [0, 0, 1, 1] }, 'crop'],
    ['a crop outside the picture', { base64: 'AAAA', crop: [0, 0, 1, 2] }, 'crop.3'],
    ['an empty crop', { base64: 'AAAA', crop: [0.5, 0, 0.5, 1] }, 'crop'],
    ['a crop of three numbers', { base64: 'AAAA', crop: [0, 0, 1] }, 'crop'],
    ['a score beyond 1', { itemId: 'east', minScore: 1.1 }, 'minScore'],
  ])('%s', async (_what, body, field) => {
    const refused = await search('plain').send(body).expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', field })
  })

  it.each([
    ['an option that is not JSON of its type', 'k', 'ten', 'k'],
    ['an unknown field', 'colour', 'red', 'colour'],
    ['an option of JSON', 'itemId', 'east', 'itemId'],
  ])('in multipart %s', async (_what, name, value, field) => {
    const refused = await search()
      .attach('image', await picture('red'), 'x')
      .field(name, value)
      .expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', field })
  })

  it('an item, a collection or an embedding that does not fit', async () => {
    const noItem = await search('plain').send({ itemId: 'south' }).expect(404)
    expect(noItem.body).toMatchObject({ code: 'ITEM_NOT_FOUND' })
    const noCollection = await search('nowhere').send({ itemId: 'east' }).expect(404)
    expect(noCollection.body).toMatchObject({ code: 'COLLECTION_NOT_FOUND' })
    const long = await search('plain')
      .send({ embedding: [1, 0, 0] })
      .expect(400)
    expect(long.body).toMatchObject({ code: 'INVALID_EMBEDDING' })
    const noModel = await search('plain')
      .attach('image', await picture('red'), 'x')
      .expect(409)
    expect(noModel.body).toMatchObject({ code: 'MODEL_MISMATCH' })
  })

  it.each([
    ['an empty file', Buffer.alloc(0), 400, 'IMAGE_EMPTY'],
    ['a file that is no picture', Buffer.from('hello, I am text'), 415, 'IMAGE_UNSUPPORTED'],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 415, 'IMAGE_UNSUPPORTED'],
    ['a file beyond the limit', Buffer.alloc(100_001), 413, 'IMAGE_TOO_LARGE'],
  ])('%s', async (_what, bytes, status, code) => {
    const refused = await search().attach('image', bytes, 'x.jpg').expect(status)
    expect(refused.body).toMatchObject({ code, status })
  })

  it('a truncated picture', async () => {
    const whole = await picture('red')
    const refused = await search()
      .attach('image', whole.subarray(0, Math.floor(whole.length * 0.6)), 'x.jpg')
      .expect(422)
    expect(refused.body).toMatchObject({ code: 'IMAGE_CORRUPT' })
  })
})
