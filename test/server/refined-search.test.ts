import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer, picture, type TestServer } from './test-server.js'

interface Result {
  id: string
  score: number
  collapsed?: number
  embedding?: number[]
  items?: Result[]
}
interface Answer {
  results: Result[]
  nextCursor: string | null
  total: number
  timings: { decode: number; embed: number }
}

let server: TestServer
const api = () => request(server.app)
const search = (body: object, collection = 'shoes') =>
  api().post(`/v1/collections/${collection}/search`).send(body)
const resultsOf = ({ body }: { body: unknown }) => (body as Answer).results
const ids = (answered: { body: unknown }) => resultsOf(answered).map(({ id }) => id)

const at = (angle: number) => [Math.cos(angle), Math.sin(angle)]
/** Angles to the query [1, 0]: two near-duplicates, two on its other side, one far off. */
const shoes = { a: 0.1, b: 0.11, c: -0.2, d: -0.21, e: 1 }

beforeAll(async () => {
  server = await openTestServer({ flags: { maxK: 20, maxCandidates: 12, maxExamples: 3 } })
  await api().put('/v1/collections/shoes').send({ dimensions: 2 }).expect(201)
  for (const [id, angle] of Object.entries(shoes)) {
    await api()
      .put(`/v1/collections/shoes/items/${id}`)
      .send({ embedding: at(angle), group: id < 'd' ? 'abc' : 'de' })
      .expect(201)
  }
  await api().put('/v1/collections/colours').expect(201)
  for (const colour of ['red', 'green', 'blue', 'purple']) {
    await api()
      .put(`/v1/collections/colours/items/${colour}`)
      .attach('image', await picture(colour), 'x.jpg')
      .expect(201)
  }
})
afterAll(() => server.close())

const base64 = async (...colours: [string, string?]) => ({
  base64: (await picture(...colours)).toString('base64'),
})

describe('collapse, rerank and diversity', () => {
  const query = { embedding: [1, 0] }

  it('make one of near-duplicates and say how many it stands for', async () => {
    const answered = await search({ ...query, collapse: 0.999 }).expect(200)
    expect(resultsOf(answered).map(({ id, collapsed }) => [id, collapsed])).toEqual([
      ['a', 1],
      ['c', 1],
      ['e', 0],
    ])
    expect(answered.body).toMatchObject({ total: 5, nextCursor: null })
    const grouped = await search({ ...query, collapse: 0.5, groupBy: 'group', groupSize: 1 }).expect(200)
    expect(resultsOf(grouped)).toEqual([
      expect.objectContaining({ id: 'a', group: 'abc', collapsed: 1, items: [expect.anything()] }),
    ])
  })

  it('order otherwise, with scores that stay cosines to the query', async () => {
    const diverse = await search({ ...query, diversity: 0.8, k: 3 }).expect(200)
    expect(ids(diverse)).toEqual(['a', 'e', 'd'])
    for (const { id, score } of resultsOf(diverse)) {
      expect(score).toBeCloseTo(Math.cos(shoes[id as keyof typeof shoes]), 6)
    }
    for (const rerank of ['query-expansion', 'k-reciprocal']) {
      const ranked = await search({ ...query, rerank }).expect(200)
      expect(ids(ranked).sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
      expect(resultsOf(ranked)[0]).not.toHaveProperty('collapsed')
    }
  })

  it('go on from page to page, and are taken in multipart', async () => {
    const options = { ...query, diversity: 0.8, collapse: 0.999, candidates: 5 }
    const first = await search({ ...options, k: 2 }).expect(200)
    const { nextCursor } = first.body as Answer
    const second = await search({ ...options, k: 2, cursor: nextCursor }).expect(200)
    expect([...ids(first), ...ids(second)]).toEqual(ids(await search({ ...options, k: 5 }).expect(200)))
    expect((second.body as Answer).nextCursor).toBeNull()

    const posted = await api()
      .post('/v1/collections/colours/search')
      .attach('image', await picture('red'), 'x.jpg')
      .field('rerank', 'k-reciprocal')
      .field('collapse', '0.9999')
      .field('diversity', '0.2')
      .field('candidates', '4')
      .field('k', '2')
      .expect(200)
    expect(resultsOf(posted)[0]).toMatchObject({ id: 'red', collapsed: 0 })
  })

  it.each([
    ['candidates with nothing to choose', { candidates: 5 }, 'candidates'],
    ['fewer candidates than results', { collapse: 0.9, candidates: 4, k: 5 }, 'candidates'],
    ['more candidates than the setting allows', { collapse: 0.9, candidates: 13, k: 5 }, 'candidates'],
    ['more results than the setting allows', { diversity: 0.5, k: 13 }, 'k'],
    ['a threshold beyond a cosine', { collapse: 1.01 }, 'collapse'],
    ['a negative diversity', { diversity: -1 }, 'diversity'],
    ['a list of ways', { rerank: ['k-reciprocal'] }, 'rerank'],
  ])('refuse %s', async (_what, options, field) => {
    const refused = await search({ ...query, k: 3, ...options }).expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', field })
  })

  it('choose from as many candidates as the setting allows where nobody says how many', async () => {
    await search({ ...query, k: 12, collapse: 1 }).expect(200)
  })
})

describe('positive and negative examples', () => {
  it('are what the answer is like and unlike, and items among them are left out', async () => {
    const like = await search({ positive: [{ itemId: 'a' }, { embedding: at(-0.1) }] }).expect(200)
    expect(ids(like)).toEqual(['b', 'c', 'd', 'e'])
    expect(resultsOf(like)[0]?.score).toBeCloseTo(Math.cos(0.11), 6)
    expect(like.body).toMatchObject({ total: 4, crop: null, timings: { decode: 0, embed: 0 } })

    const unlike = await search({ positive: [{ embedding: [1, 0] }], negative: [{ itemId: 'a' }] }).expect(
      200,
    )
    expect(ids(unlike)).toEqual(['c', 'd', 'b', 'e'])
    // [1, 0] minus half of a.
    const [x, y] = [1 - 0.5 * Math.cos(0.1), -0.5 * Math.sin(0.1)]
    expect(resultsOf(unlike)[0]?.score).toBeCloseTo(Math.cos(Math.atan2(y, x) + 0.2), 6)
  })

  it('may be pictures', async () => {
    const answered = await search(
      { positive: [await base64('red'), { itemId: 'blue' }], negative: [await base64('green')], k: 4 },
      'colours',
    ).expect(200)
    expect(ids(answered)).toHaveLength(3)
    expect(ids(answered)).not.toContain('blue')
    expect((answered.body as Answer).timings.embed).toBeGreaterThan(0)
    const alone = await search({ positive: [await base64('red')] }, 'colours').expect(200)
    const plain = await search(await base64('red'), 'colours').expect(200)
    expect(ids(alone)).toEqual(ids(plain))
  })

  it('have pages of their own', async () => {
    const query = { positive: [{ itemId: 'a' }], negative: [{ itemId: 'e' }], k: 2 }
    const first = await search(query).expect(200)
    const { nextCursor } = first.body as Answer
    const second = await search({ ...query, cursor: nextCursor }).expect(200)
    expect([...ids(first), ...ids(second)].sort()).toEqual(['b', 'c', 'd'])
    const other = await search({ ...query, negative: [], cursor: nextCursor }).expect(400)
    expect(other.body).toMatchObject({ code: 'INVALID_CURSOR' })
  })

  it.each([
    ['negative ones alone', { negative: [{ itemId: 'a' }] }, 'INVALID_REQUEST', 'Expected exactly one of'],
    ['no positive one', { positive: [] }, 'INVALID_REQUEST', 'positive'],
    ['an item beside', { itemId: 'a', positive: [{ itemId: 'b' }] }, 'INVALID_REQUEST', 'exactly one of'],
    [
      'an example of two',
      { positive: [{ itemId: 'a', embedding: [1, 0] }] },
      'INVALID_REQUEST',
      'positive.0',
    ],
    ['a crop', { positive: [{ itemId: 'a' }], crop: [0, 0, 1, 1] }, 'INVALID_REQUEST', 'cropped'],
    [
      'more than the setting allows',
      { positive: [{ itemId: 'a' }, { itemId: 'b' }], negative: [{ itemId: 'c' }, { itemId: 'd' }] },
      'INVALID_REQUEST',
      'at most 3 examples',
    ],
    ['an item that is not there', { positive: [{ itemId: 'z' }] }, 'ITEM_NOT_FOUND', 'positive.0: '],
    [
      'an embedding of other dimensions',
      { positive: [{ itemId: 'a' }], negative: [{ embedding: [1] }] },
      'INVALID_EMBEDDING',
      'negative.0: ',
    ],
    [
      'what cancels out',
      { positive: [{ embedding: [1, 0] }, { embedding: [-1, 0] }] },
      'INVALID_EMBEDDING',
      'cancel',
    ],
    ['a picture that nothing embeds', { positive: [{ base64: 'AAAA' }] }, 'MODEL_MISMATCH', 'positive.0: '],
  ])('refuse %s', async (_what, body, code, detail) => {
    const refused = await search(body)
    expect(refused.body).toMatchObject({ code, detail: expect.stringContaining(detail) as string })
    expect(refused.status).toBeGreaterThanOrEqual(400)
  })

  it('say which picture is at fault', async () => {
    const text = Buffer.from('no picture').toString('base64')
    const refused = await search({ positive: [await base64('red'), { base64: text }] }, 'colours').expect(415)
    expect(refused.body).toMatchObject({ detail: expect.stringContaining('positive.1: ') as string })
  })
})

describe('include', () => {
  it('brings embeddings of items and of the items of groups', async () => {
    const answered = await search({ itemId: 'a', k: 1, include: ['embedding'] }).expect(200)
    const [first] = resultsOf(answered)
    expect(first).not.toHaveProperty('metadata')
    expect(first?.embedding).toEqual(at(0.11).map((value) => Math.fround(value)))
    const grouped = await search({
      embedding: [1, 0],
      groupBy: 'group',
      groupSize: 2,
      include: ['embedding'],
      k: 4,
    })
    expect(resultsOf(grouped)[0]?.items?.map(({ embedding }) => embedding?.length)).toEqual([2, 2])
    expect(resultsOf(await search({ itemId: 'a' }))[0]).not.toHaveProperty('embedding')
  })

  it('refuses more embeddings than a search may have answers', async () => {
    const body = { embedding: [1, 0], groupBy: 'group', k: 7, groupSize: 3 }
    await search(body).expect(200)
    const refused = await search({ ...body, include: ['embedding'] }).expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', field: 'groupSize' })
  })
})
