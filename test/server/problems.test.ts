import { PassThrough } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import request, { type Test } from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Embedder } from '../../src/embedding/embedder.js'
import { KindredError } from '../../src/errors.js'
import { openTestServer, picture, type TestServer } from './test-server.js'

let server: TestServer
/** What the embedder throws instead of embedding. */
let failure: Error | undefined
const lines: string[] = []

beforeAll(async () => {
  const sink = new PassThrough()
  sink.on('data', (chunk: Buffer) => lines.push(...chunk.toString().trim().split('\n')))
  server = await openTestServer({
    flags: { maxJsonBytes: 20_000, maxImageBytes: 20_000 },
    parts: { logger: pino({ level: 'info' }, sink) },
    wrapEmbedder: (embedder): Embedder => ({
      ...embedder,
      embed: (inputs, options) => (failure ? Promise.reject(failure) : embedder.embed(inputs, options)),
    }),
  })
  await api().put('/v1/collections/shoes').expect(201)
  await api().put('/v1/collections/plain').send({ dimensions: 2 }).expect(201)
})
afterAll(() => server.close())
const api = () => request(server.app)
const search = () => api().post('/v1/collections/shoes/search')

/** Every problem has the same shape, whoever noticed it. */
async function problem(test: Test, status: number, code: string): Promise<Record<string, unknown>> {
  const { body, headers, type } = (await test.expect(status)) as {
    body: Record<string, unknown>
    headers: Record<string, string>
    type: string
  }
  expect(type).toBe('application/problem+json')
  expect(body).toMatchObject({
    type: `/docs/errors#${code}`,
    title: expect.any(String) as string,
    status,
    detail: expect.any(String) as string,
    code,
    requestId: headers['x-request-id'],
  })
  return body
}

describe('paths and methods', () => {
  it.each(['/v1', '/v1/nowhere', '/v1/collections/shoes/nowhere', '/V1/collections'])(
    'answers 404 to GET %s',
    async (path) => {
      await problem(api().get(path), 404, 'NOT_FOUND')
    },
  )

  it.each(['/v1/collections/shoes/', '/v1/collections/shoes/items/', '/v1/models/', '/health/live/'])(
    'takes %s for no other address, which is what clients make of an id like ..',
    async (path) => {
      await problem(api().delete(path), 404, 'NOT_FOUND')
      await problem(api().get(path), 404, 'NOT_FOUND')
      await api().get('/v1/collections/shoes').expect(200)
    },
  )

  it.each([
    ['post', '/v1/collections', 'GET, HEAD, OPTIONS'],
    ['post', '/v1/collections/shoes', 'PUT, GET, HEAD, PATCH, DELETE, OPTIONS'],
    ['get', '/v1/collections/shoes/search', 'POST, OPTIONS'],
    ['put', '/health/live', 'GET, HEAD, OPTIONS'],
    ['post', '/v1/collections/shoes/items/a', 'PUT, GET, HEAD, PATCH, DELETE, OPTIONS'],
  ] as const)('answers 405 with Allow to %s %s', async (method, path, allow) => {
    const test = api()[method](path)
    await problem(test, 405, 'METHOD_NOT_ALLOWED')
    expect((await api()[method](path)).headers['allow']).toBe(allow)
  })

  it('answers HEAD like GET without the body, and OPTIONS with Allow', async () => {
    const head = await api().head('/v1/collections/shoes').expect(200)
    expect(head.headers['content-type']).toMatch('application/json')
    expect(head.text).toBeUndefined()
    const options = await api().options('/v1/collections/shoes/items/delete').expect(204)
    expect(options.headers['allow']).toBe('PUT, GET, HEAD, PATCH, DELETE, POST, OPTIONS')
  })

  it('tells nothing of what it is made of', async () => {
    const { headers } = await api().get('/').expect(200)
    expect(headers).not.toHaveProperty('x-powered-by')
  })
})

describe('bodies', () => {
  it.each(['{"k":', '', 'null', '"text"', '[1]', '7'])('answers 400 to the JSON %j', async (text) => {
    const body = await problem(search().type('json').send(text), 400, 'INVALID_REQUEST')
    expect(body['field']).toBe('body')
  })

  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'image/jpeg',
    'application/jsonp',
  ])('answers 415 to %s', async (type) => {
    const body = await problem(search().type(type).send('{}'), 415, 'UNSUPPORTED_MEDIA_TYPE')
    expect(body['detail']).toContain('multipart/form-data, application/json')
  })

  it('answers 415 to a charset or an encoding that it cannot read', async () => {
    const charset = search().set('Content-Type', 'application/json; charset=koi8-r').send('{}')
    await problem(charset, 415, 'UNSUPPORTED_MEDIA_TYPE')
    const encoded = search().type('json').set('Content-Encoding', 'rot13').send('{}')
    await problem(encoded, 415, 'UNSUPPORTED_MEDIA_TYPE')
  })

  it('answers 413 to JSON beyond the limit, compressed or not', async () => {
    const text = JSON.stringify({ itemId: 'x'.repeat(30_000) })
    await problem(search().type('json').send(text), 413, 'PAYLOAD_TOO_LARGE')
    const packed = search().type('json').set('Content-Encoding', 'gzip')
    packed.write(gzipSync(text))
    await problem(packed, 413, 'PAYLOAD_TOO_LARGE')
  })

  it('reads JSON whatever parameters its media type carries', async () => {
    await api()
      .post('/v1/collections/plain/items/delete')
      .set('Content-Type', 'Application/JSON; x=1')
      .send('{"ids":["a"]}')
      .expect(200)
  })

  it('keeps a metadata field that is called like a part of JavaScript', async () => {
    const body = '{"embedding":[1,0],"metadata":{"__proto__":"a","constructor":"b","toString":"c"}}'
    const put = await api().put('/v1/collections/plain/items/js').type('json').send(body).expect(201)
    expect(put.text).toContain('{"__proto__":"a","constructor":"b","toString":"c"}')
  })
})

describe('multipart bodies', () => {
  it('names the field that takes no file', async () => {
    const body = await problem(search().attach('photo', await picture('red'), 'x'), 400, 'INVALID_REQUEST')
    expect(body).toMatchObject({ field: 'photo', hint: 'Send the file in a part named image.' })
  })

  it('wants a file in the field of the file, and one of them', async () => {
    const red = await picture('red')
    const text = await problem(search().field('image', 'red'), 400, 'INVALID_REQUEST')
    expect(text).toMatchObject({ field: 'image' })
    const none = await problem(search().field('k', '3'), 400, 'INVALID_REQUEST')
    expect(none).toMatchObject({ field: 'image' })
    const two = await problem(
      search().attach('image', red, 'a').attach('image', red, 'b'),
      400,
      'INVALID_REQUEST',
    )
    expect(two).toMatchObject({ field: 'image' })
  })

  it('refuses a field that is given twice, too many fields and too long ones', async () => {
    const red = await picture('red')
    const twice = await problem(
      search().attach('image', red, 'a').field('k', ['1', '2']),
      400,
      'INVALID_REQUEST',
    )
    expect(twice).toMatchObject({ field: 'k' })
    const many = search().attach('image', red, 'a')
    for (let i = 0; i < 40; i++) void many.field(`f${i}`, '1')
    await problem(many, 400, 'INVALID_REQUEST')
    await problem(search().attach('image', red, 'a').field('f'.repeat(200), '1'), 400, 'INVALID_REQUEST')
    await problem(search().field('k', '1'.repeat(1024 * 1024 + 1)), 413, 'PAYLOAD_TOO_LARGE')
  })

  it.each([
    ['no boundary', 'multipart/form-data', 'x'],
    [
      'an unfinished part',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\nabc',
    ],
    ['a broken head', 'multipart/form-data; boundary=b', '--b\r\nnonsense\r\n\r\n--b--'],
    ['nothing at all', 'multipart/form-data; boundary=b', '--b--\r\n'],
  ])('answers 400 to %s', async (_what, type, text) => {
    await problem(search().set('Content-Type', type).send(text), 400, 'INVALID_REQUEST')
  })
})

describe('failures inside', () => {
  it.each([
    [new Error('secret: /home/me/model.onnx'), 500, 'INTERNAL'],
    [new KindredError('EMBEDDER_FAILED', 'secret: out of memory at 0x1'), 500, 'EMBEDDER_FAILED'],
  ])('are logged and not told: %s', async (thrown, status, code) => {
    failure = thrown
    lines.length = 0
    const body = await problem(search().attach('image', await picture('red'), 'x'), status, code)
    failure = undefined
    expect(JSON.stringify(body)).not.toContain('secret')
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 50, requestId: body['requestId'], msg: thrown.message }),
    )
  })

  it('of a query in a batch are logged and not told either, and the others are answered', async () => {
    failure = new Error('secret: /home/me/model.onnx')
    lines.length = 0
    const base64 = (await picture('red')).toString('base64')
    const embedding = Array.from({ length: 16 }, () => 1)
    const answered = await api()
      .post('/v1/collections/shoes/search/batch')
      .send({ queries: [{ base64 }, { embedding }] })
      .expect(200)
    failure = undefined
    expect(answered.body).toMatchObject({ answers: [{ code: 'INTERNAL', status: 500 }, { results: [] }] })
    expect(JSON.stringify(answered.body)).not.toContain('secret')
    expect(lines.join()).toContain('secret')
  })

  it('tell a client to come back where that helps', async () => {
    failure = new KindredError('EMBEDDER_BUSY', 'Too many pictures wait')
    const answered = await search()
      .attach('image', await picture('red'), 'x')
      .expect(503)
    failure = undefined
    expect(answered.body).toMatchObject({ code: 'EMBEDDER_BUSY', detail: 'Too many pictures wait' })
    expect(answered.headers['retry-after']).toBe('1')
  })
})

describe('request ids and the log', () => {
  it('keeps a sane id of the client and makes one otherwise', async () => {
    const kept = await api().get('/v1/nowhere').set('X-Request-Id', 'abc.DEF_1-2')
    expect(kept.headers['x-request-id']).toBe('abc.DEF_1-2')
    expect(kept.body).toMatchObject({ requestId: 'abc.DEF_1-2' })
    for (const id of ['a b', 'x'.repeat(129), '<script>', 'a,b']) {
      const { headers } = await api().get('/v1/nowhere').set('X-Request-Id', id)
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  it('writes one line a request, without query, body or headers', async () => {
    lines.length = 0
    await api()
      .post('/v1/embed?model=tiny')
      .set('X-Request-Id', 'logged')
      .set('Authorization', 'Bearer hush')
      .send({ base64: [(await picture('red')).toString('base64')] })
      .expect(200)
    await expect.poll(() => lines.length).toBe(1)
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 30,
      time: expect.any(Number) as number,
      pid: expect.any(Number) as number,
      hostname: expect.any(String) as string,
      requestId: 'logged',
      method: 'POST',
      path: '/v1/embed',
      status: 200,
      ms: expect.any(Number) as number,
      msg: 'request',
    })
  })
})
