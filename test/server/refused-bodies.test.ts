import request, { type Test } from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer, picture, type TestServer } from './test-server.js'

let server: TestServer
let red: Buffer
beforeAll(async () => {
  server = await openTestServer({
    flags: { maxImageBytes: 5000, maxJsonBytes: 6000, maxUploadBytes: 5000 },
  })
  red = await picture('red')
  await api().put('/v1/collections/c').expect(201)
})
afterAll(() => server.close())
const api = () => request(server.app)

/** A request that a body is still to be given to, and the field of its file. */
interface Door {
  readonly ask: () => Test
  readonly file: string
  /** A good one. */
  readonly bytes: () => Buffer
  readonly name: string
  readonly tooLarge: string
  readonly json: object
}
const csv = Buffer.from('id,image\na,x.jpg\n')
const pictures = { file: 'image', bytes: () => red, name: 'x.jpg', tooLarge: 'IMAGE_TOO_LARGE' }
const one = { ...pictures, json: { base64: 'AAAA' } }
const doors: Readonly<Record<string, Door>> = {
  search: { ...one, ask: () => api().post('/v1/collections/c/search') },
  putItem: { ...one, ask: () => api().put('/v1/collections/c/items/a') },
  embed: { ...pictures, json: { base64: ['AAAA'] }, ask: () => api().post('/v1/embed') },
  createImport: {
    ask: () => api().post('/v1/collections/c/imports'),
    file: 'file',
    bytes: () => csv,
    name: 'rows.csv',
    tooLarge: 'PAYLOAD_TOO_LARGE',
    json: { path: '/nowhere.csv' },
  },
}

/** What every refusal has: its code, the field that is at fault, and what to do about it. */
async function refused(test: Test, status: number, code: string, field: string): Promise<void> {
  const answer = await test.expect(status)
  expect(answer.type).toBe('application/problem+json')
  expect(answer.body).toMatchObject({ status, code, field, hint: expect.stringMatching(/\S{2}/) as string })
}

describe.each(Object.entries(doors))('%s refuses, by field and with a hint,', (id, door) => {
  const { ask, file, bytes, name, json, tooLarge } = door
  const form = () => ask().attach(file, bytes(), name)

  it('a file that is empty', async () => {
    const code = file === 'file' ? 'INVALID_REQUEST' : 'IMAGE_EMPTY'
    await refused(ask().attach(file, Buffer.alloc(0), name), 400, code, file)
  })

  it('more files than it takes', async () => {
    const most = id === 'embed' ? 16 : 1
    let test = form()
    for (let i = 0; i < most; i++) test = test.attach(file, bytes(), name)
    await refused(test, 400, 'INVALID_REQUEST', file)
  })

  it('a file in another field, a field in place of the file, and neither', async () => {
    await refused(ask().attach('photo', bytes(), name), 400, 'INVALID_REQUEST', 'photo')
    await refused(ask().field(file, 'text'), 400, 'INVALID_REQUEST', file)
    const none = ask().type('multipart/form-data; boundary=b').send('--b--\r\n')
    await refused(none, 400, 'INVALID_REQUEST', file)
  })

  it('a form field that it does not know, or that comes twice', async () => {
    await refused(form().field('colour', 'red'), 400, 'INVALID_REQUEST', 'colour')
    await refused(form().field('k', '1').field('k', '2'), 400, 'INVALID_REQUEST', 'k')
  })

  it('a form that is packed', async () => {
    await refused(form().set('Content-Encoding', 'gzip'), 415, 'UNSUPPORTED_MEDIA_TYPE', 'Content-Encoding')
    const plain = await form().set('Content-Encoding', 'identity')
    expect(plain.status).not.toBe(415)
  })

  it('a file, a form field and JSON that are too large', async () => {
    await refused(ask().attach(file, Buffer.alloc(6000, 1), name), 413, tooLarge, file)
    await refused(form().field('filter', 'x'.repeat(1024 * 1024 + 1)), 413, 'PAYLOAD_TOO_LARGE', 'filter')
    await refused(ask().send({ base64: 'A'.repeat(8000) }), 413, 'PAYLOAD_TOO_LARGE', 'body')
  })

  it('JSON with a field that it does not know', async () => {
    await refused(ask().send({ ...json, colour: 'red' }), 400, 'INVALID_REQUEST', 'colour')
  })

  it('JSON in an encoding or a charset that it does not read, or that is not what it says', async () => {
    const send = () => ask().type('json')
    const encoded = send().set('Content-Encoding', 'rot13').send('{}')
    await refused(encoded, 415, 'UNSUPPORTED_MEDIA_TYPE', 'Content-Encoding')
    const charset = ask().set('Content-Type', 'application/json; charset=koi8-r').send('{}')
    await refused(charset, 415, 'UNSUPPORTED_MEDIA_TYPE', 'Content-Type')
    const packed = send().set('Content-Encoding', 'gzip').send('{}')
    await refused(packed, 400, 'INVALID_REQUEST', 'body')
  })
})

it.each([
  ['null', 'null'],
  ['7', '7 of type number'],
  ['"text"', '"text" of type string'],
  ['[]', '[] of type array'],
])('JSON that is no object is said to be none: %s', async (json, received) => {
  const refusal = await api().post('/v1/collections/c/search').type('json').send(json).expect(400)
  expect(refusal.body).toMatchObject({
    code: 'INVALID_REQUEST',
    field: 'body',
    detail: `Expected an object for body but received ${received}`,
  })
})

it.each([
  ['itemId', { itemId: '\ud800' }],
  ['positive.0.itemId', { positive: [{ itemId: '\ud800' }] }],
])('an id that is no well-formed text is called as the request calls it: %s', async (field, body) => {
  const ask = api().post('/v1/collections/c/search').type('json').send(JSON.stringify(body))
  const refusal = await ask.expect(400)
  expect(refusal.body).toMatchObject({ code: 'INVALID_REQUEST', field })
})

it('an option in the query of a request with a body is sent there', async () => {
  const refusal = await api().post('/v1/collections/c/search?k=1').send({ itemId: 'a' }).expect(400)
  expect(refusal.body).toMatchObject({ field: 'k', hint: 'The query has none: fields go into the body.' })
})

describe('a field of another type is named, and what it is for is the hint,', () => {
  it.each([
    [
      'in a form',
      () => api().post('/v1/collections/c/search').attach('image', red, 'x').field('k', 'ten'),
      'k',
    ],
    [
      'in a form',
      () => api().put('/v1/collections/c/items/a').attach('image', red, 'x').field('metadata', '['),
      'metadata',
    ],
    [
      'in the form of an import',
      () => api().post('/v1/collections/c/imports').attach('file', csv, 'a.csv').field('dryRun', '1'),
      'dryRun',
    ],
    ['in JSON', () => api().post('/v1/collections/c/search').send({ itemId: 'a', k: '1' }), 'k'],
    [
      'in JSON',
      () =>
        api()
          .post('/v1/collections/c/search')
          .send({ itemId: 'a', crop: [0, 0, 2, 1] }),
      'crop.2',
    ],
    ['in JSON', () => api().post('/v1/collections/c/search').send({ itemId: 7 }), 'itemId'],
    [
      'deep in JSON',
      () =>
        api()
          .put('/v1/collections/d')
          .send({ hnsw: { m: 'many' } }),
      'hnsw.m',
    ],
    ['in a query', () => api().get('/v1/collections?limit=many'), 'limit'],
    ['in a query, and missing', () => api().get('/v1/collections/c/facets'), 'field'],
    ['in a path', () => api().get('/v1/collections/Shoes!'), 'collection'],
  ] as [string, () => Test, string][])('%s', async (_where, ask, field) => {
    await refused(ask(), 400, 'INVALID_REQUEST', field)
  })
})

describe('a picture that is none is blamed on the field that it came in:', () => {
  const text = Buffer.from('this is no picture').toString('base64')
  it.each([
    ['image', () => api().post('/v1/collections/c/search').attach('image', Buffer.from('text'), 'x.jpg')],
    ['base64', () => api().post('/v1/collections/c/search').send({ base64: text })],
    ['base64', () => api().put('/v1/collections/c/items/a').send({ base64: text })],
    [
      'base64',
      () =>
        api()
          .post('/v1/embed')
          .send({ base64: [text] }),
    ],
    [
      'positive.0.base64',
      () =>
        api()
          .post('/v1/collections/c/search')
          .send({ positive: [{ base64: text }] }),
    ],
  ])('%s', async (field, ask) => {
    await refused(ask(), 415, 'IMAGE_UNSUPPORTED', field)
  })

  it('url', async () => {
    const ask = api().put('/v1/collections/c/items/a').send({ url: 'http://127.0.0.1/x.jpg' })
    await refused(ask, 403, 'URL_NOT_FETCHED', 'url')
  })
})

it('an id of too many bytes is named, although it has no more characters than it may', async () => {
  const refusal = await api()
    .put(`/v1/collections/c/items/${encodeURIComponent('€'.repeat(171))}`)
    .send({ embedding: [1] })
    .expect(400)
  expect(refusal.body).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'id' })
})

it.each([
  ['INVALID_EMBEDDING', 'embedding', { embedding: [1, 2] }],
  ['INVALID_EMBEDDING', 'positive.0.embedding', { positive: [{ embedding: [1, 2] }] }],
  ['INVALID_FILTER', 'filter', { embedding: [1, 2, 3], filter: { a: { like: 'b' } } }],
  ['INVALID_CURSOR', 'cursor', { embedding: [1, 2, 3], cursor: 'nonsense' }],
])('what only the collection can tell is named too: %s', async (code, field, body) => {
  await api().put('/v1/collections/plain').send({ dimensions: 3 })
  await refused(api().post('/v1/collections/plain/search').send(body), 400, code, field)
})
