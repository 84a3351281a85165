import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import path from 'node:path'
import type { RequestListener } from 'node:http'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CollectionStore } from '../../../src/collections/collection-store.js'
import type { Config } from '../../../src/config.js'
import { deferred } from '../../../src/embedding/deferred.js'
import { KindredError } from '../../../src/errors.js'
import { loadContract } from '../../../src/server/contract/contract.js'
import { createServer } from '../../../src/server/create-server.js'
import { AnswerRecords } from '../../../src/server/idempotency/answer-records.js'
import { keyedApp } from '../access/access-server.js'
import { openTestServer, picture, quiet, type TestServer } from '../test-server.js'

let server: TestServer
beforeAll(async () => {
  server = await openTestServer({ flags: { idempotencyAnswerBytes: 2048 } })
  await api().put('/v1/collections/plain').send({ dimensions: 3 }).expect(201)
  await api().put('/v1/collections/shoes').expect(201)
})
afterAll(() => server.close())
const api = () => request(server.app)
const at = (id: string, collection = 'plain') => `/v1/collections/${collection}/items/${id}`
const embedding = [1, 2, 3]
const replayed = ({ headers }: request.Response): unknown =>
  (headers as Record<string, unknown>)['idempotent-replayed']

/** Serves the app on a port while `use` runs. */
async function listening(app: RequestListener, use: (port: number) => Promise<void>): Promise<void> {
  const http = createHttpServer(app).listen(0, '127.0.0.1')
  await once(http, 'listening')
  try {
    await use((http.address() as AddressInfo).port)
  } finally {
    http.close()
    http.closeAllConnections()
  }
}

/** The server over a store some of whose calls are others. */
const appWith = (calls: Partial<CollectionStore>, config: Partial<Config> = {}) => {
  const store = new Proxy(server.store, {
    get: (target, name) => {
      const own: unknown = calls[name as keyof CollectionStore] ?? Reflect.get(target, name)
      return typeof own === 'function' ? (own.bind(target) as unknown) : own
    },
  })
  return createServer({ ...server, config: { ...server.config, ...config }, store, logger: quiet }).listener
}

describe('a write with an idempotency key', () => {
  it('is done once: the same request gets the first answer, its status and its headers', async () => {
    const send = () => api().put(at('a')).set('Idempotency-Key', 'put-a').send({ embedding, group: 'g' })
    const first = await send().expect(201)
    expect(replayed(first)).toBeUndefined()
    await api().delete(at('a')).expect(204)
    const second = await send().expect(201)
    expect(second.body).toEqual(first.body)
    expect(second.headers['etag']).toBe(first.headers['etag'])
    expect(replayed(second)).toBe('true')
    expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id'])
    await api().get(at('a')).expect(404)
  })

  it('begins one job, and tells where it is each time', async () => {
    const send = () =>
      api()
        .post('/v1/collections/plain/duplicates')
        .set('Idempotency-Key', '"find"')
        .send({ threshold: 0.9 })
        .expect(202)
    const first = await send()
    // In quotes as in the draft, or bare.
    const second = await api()
      .post('/v1/collections/plain/duplicates')
      .set('Idempotency-Key', 'find')
      .send({ threshold: 0.9 })
      .expect(202)
    expect((second.body as { id: string }).id).toBe((first.body as { id: string }).id)
    expect(second.headers['location']).toBe(first.headers['location'])
    const jobs = await api().get('/v1/jobs').expect(200)
    expect((jobs.body as { items: object[] }).items).toHaveLength(1)
  })

  it('takes one upload, and leaves nothing of the same one sent again', async () => {
    const csv = Buffer.from('{"id":"x","embedding":[1,2,3]}\n')
    const send = (bytes = csv) =>
      api()
        .post('/v1/collections/plain/imports')
        .set('Idempotency-Key', 'import')
        .attach('file', bytes, 'rows.jsonl')
    const first = await send().expect(202)
    await server.jobs.finished((first.body as { id: string }).id)
    const second = await send().expect(202)
    expect(second.body).toEqual(first.body)
    await send(Buffer.from('{"id":"y","embedding":[1,2,3]}\n')).expect(422)
    expect(readdirSync(path.join(server.config.store, 'uploads'))).toEqual([])
  })

  it('is refused where its body is nested deeper than two can be compared', async () => {
    const deep = 20_000
    const refused = await api()
      .post('/v1/collections/plain/items/delete')
      .set({ 'Idempotency-Key': 'deep', 'Content-Type': 'application/json' })
      .send(`{"filter":${'{"not":'.repeat(deep)}{}${'}'.repeat(deep)}}`)
      .expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', field: 'body' })
  })

  it('with another request is refused: another body, path, file, condition or method', async () => {
    const red = await picture('red')
    const send = () => api().put(at('b', 'shoes')).set('Idempotency-Key', 'b')
    await send().attach('image', red, 'x').field('group', 'g').expect(201)
    const others = [
      send()
        .attach('image', await picture('blue'), 'x')
        .field('group', 'g'),
      send().attach('image', red, 'x').field('group', 'h'),
      send().attach('image', red, 'x'),
      send().set('If-Match', '*').attach('image', red, 'x').field('group', 'g'),
      api().put(at('c', 'shoes')).set('Idempotency-Key', 'b').attach('image', red, 'x').field('group', 'g'),
      api().delete(at('b', 'shoes')).set('Idempotency-Key', 'b'),
    ]
    for (const other of others) {
      const refused = await other.expect(422)
      expect(refused.body).toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
        hint: expect.stringContaining('key of its own') as string,
      })
    }
    await send().attach('image', red, 'another name').field('group', 'g').expect(201)
  })

  it('is refused the same way again where the first was refused by what there was', async () => {
    const send = () => api().delete(at('late')).set('Idempotency-Key', 'late')
    const first = await send().expect(404)
    await api().put(at('late')).send({ embedding }).expect(201)
    const second = await send().expect(404)
    expect(second.body).toEqual({
      ...(first.body as object),
      requestId: String(second.headers['x-request-id']),
    })
    const misfit = () =>
      api()
        .post('/v1/collections/plain/items/delete')
        .set('Idempotency-Key', 'f')
        .send({ ids: ['a'], all: true })
    await misfit().expect(400)
    expect((await misfit().expect(400)).body).toMatchObject({ code: 'INVALID_REQUEST', field: 'all' })
  })

  it('gets its answer again where the collection has gone since, and is no news to a new key', async () => {
    await api().put('/v1/collections/gone').send({ dimensions: 3 }).expect(201)
    const send = (key: string) =>
      api()
        .post('/v1/collections/gone/items/delete')
        .set('Idempotency-Key', key)
        .send({ ids: ['a'] })
    await send('gone before').expect(200)
    await api().delete('/v1/collections/gone').expect(204)
    expect(replayed(await send('gone before').expect(200))).toBe('true')
    const refused = await send('gone after').expect(404)
    expect(refused.body).toMatchObject({ code: 'COLLECTION_NOT_FOUND' })
  })

  it('that is no valid request uses its key up for nothing', async () => {
    await api().put(at('d')).set('Idempotency-Key', 'd').send({ embedding: 'x' }).expect(400)
    await api().put(at('d')).set('Idempotency-Key', 'd').send({ embedding }).expect(201)
  })

  it('is done again where the server failed', async () => {
    let failures = 1
    const app = appWith({
      putItems: (...args: Parameters<CollectionStore['putItems']>) =>
        failures-- > 0
          ? Promise.reject(new KindredError('STORE_FAILED', 'the disk is full'))
          : server.store.putItems(...args),
    })
    const send = () => request(app).put(at('e')).set('Idempotency-Key', 'e').send({ embedding })
    await send().expect(500)
    expect(replayed(await send().expect(201))).toBeUndefined()
    expect(replayed(await send().expect(201))).toBe('true')
  })

  it('that was cut off before it was all there uses its key up for nothing', async () => {
    await listening(server.app, async (port) => {
      const socket = connect(port, '127.0.0.1')
      socket.write(
        `PUT ${at('cut')} HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: cut\r\n` +
          'Content-Type: application/json\r\nContent-Length: 50\r\nExpect: 100-continue\r\n\r\n',
      )
      // It waits for the body by now.
      expect(String(((await once(socket, 'data')) as [Buffer])[0])).toContain('100 Continue')
      socket.write('{"embedding":[1,')
      socket.destroy()
      await once(socket, 'close')
    })
    const send = () => api().put(at('cut')).set('Idempotency-Key', 'cut').send({ embedding })
    expect(replayed(await send().expect(201))).toBeUndefined()
    expect(replayed(await send().expect(201))).toBe('true')
  })

  it('of a client that left while it was done has its answer for whoever asks again', async () => {
    const gate = deferred<undefined>()
    const began = deferred<undefined>()
    let puts = 0
    const app = appWith({
      putItems: async (...args: Parameters<CollectionStore['putItems']>) => {
        puts++
        began.resolve(undefined)
        await gate.promise
        return server.store.putItems(...args)
      },
    })
    await listening(app, async (port) => {
      const client = new AbortController()
      const leaving = fetch(`http://127.0.0.1:${port}${at('left')}`, {
        method: 'PUT',
        headers: { 'Idempotency-Key': 'left', 'Content-Type': 'application/json' },
        body: JSON.stringify({ embedding }),
        signal: client.signal,
      })
      leaving.catch(() => undefined)
      await began.promise
      client.abort()
      await expect(leaving).rejects.toThrow(/abort/)
    })
    gate.resolve(undefined)
    const send = () => request(app).put(at('left')).set('Idempotency-Key', 'left').send({ embedding })
    await expect.poll(async () => (await send()).status).toBe(201)
    expect(replayed(await send().expect(201))).toBe('true')
    expect(puts).toBe(1)
  })

  it('is done again where its answer was too large to be kept', async () => {
    const metadata = { text: 'x'.repeat(4000) }
    const send = () => api().put(at('large')).set('Idempotency-Key', 'large').send({ embedding, metadata })
    await send().expect(201)
    expect(replayed(await send().expect(200))).toBeUndefined()
  })

  it('is refused while the first is under way, and of many at once one is done', async () => {
    const gate = deferred<undefined>()
    let puts = 0
    const app = appWith({
      putItems: async (...args: Parameters<CollectionStore['putItems']>) => {
        puts++
        await gate.promise
        return server.store.putItems(...args)
      },
    })
    const send = () => request(app).put(at('f')).set('Idempotency-Key', 'once').send({ embedding })
    const refused: number[] = []
    const sent = Array.from({ length: 5 }, async () => {
      const answer = await send()
      if (answer.status === 201) return
      expect(answer.headers['retry-after']).toBe('1')
      refused.push(answer.status)
      expect(answer.body).toMatchObject({
        code: 'IDEMPOTENCY_KEY_IN_USE',
        hint: expect.stringContaining('again') as string,
      })
      if (refused.length === 4) gate.resolve(undefined)
    })
    await Promise.all(sent)
    expect([refused, puts]).toEqual([[409, 409, 409, 409], 1])
    await send().expect(201)
    expect(puts).toBe(1)
  })

  it('keeps the answer of a write that outlasted its deadline, for whoever asks again', async () => {
    const gate = deferred<undefined>()
    const written = deferred<undefined>()
    const putItems = async (...args: Parameters<CollectionStore['putItems']>) => {
      await gate.promise
      const result = await server.store.putItems(...args)
      setImmediate(() => {
        written.resolve(undefined)
      })
      return result
    }
    const app = appWith({ putItems }, { answerSeconds: 1 })
    const send = () => request(app).put(at('slow')).set('Idempotency-Key', 'slow').send({ embedding })
    await send().expect(503)
    await send().expect(409)
    gate.resolve(undefined)
    await written.promise
    expect(replayed(await send().expect(201))).toBe('true')
  })

  it('survives a restart, and what a killed server was at is said to be unknown', async () => {
    const send = (app: typeof server.app, key: string) =>
      request(app).put(at('g')).set('Idempotency-Key', key).send({ embedding })
    await send(server.app, 'before').expect(201)
    const hanging = appWith({ putItems: () => new Promise(() => undefined) })
    const never = send(hanging, 'killed').timeout(1000)
    await expect(never).rejects.toThrow('Timeout')
    const answers = AnswerRecords.open(server.config.store)
    const { listener: restarted } = createServer({ ...server, answers, logger: quiet })
    expect(replayed(await send(restarted, 'before').expect(201))).toBe('true')
    const unknown = await send(restarted, 'killed').expect(409)
    expect(unknown.body).toMatchObject({
      code: 'IDEMPOTENCY_OUTCOME_UNKNOWN',
      hint: expect.stringContaining('another key') as string,
    })
    answers.close()
  })

  it('belongs to the API key that it came with', async () => {
    const keyed = keyedApp(server)
    const [one, other] = [keyed.bearer({ scope: 'write' }), keyed.bearer({ scope: 'write' })]
    const send = (bearer: string, group: string) =>
      request(keyed.app)
        .put(at('h'))
        .set('Authorization', bearer)
        .set('Idempotency-Key', 'shared')
        .send({ embedding, group })
    await send(one, 'of one').expect(201)
    await send(other, 'of the other').expect(200)
    expect((await send(one, 'of one').expect(201)).body).toMatchObject({ group: 'of one' })
    keyed.close()
  })

  it.each(['', 'x'.repeat(256), 'ü', 'a\tb'])('has a key of printable ASCII: not %j', async (key) => {
    const refused = await api()
      .put(at('i'))
      .set('Idempotency-Key', key === 'ü' ? Buffer.from('ü').toString('latin1') : key)
      .send({ embedding })
      .expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', field: 'Idempotency-Key' })
  })
})

it('every operation that changes something takes a key, but for the upload of a snapshot, which is a stream', () => {
  const { document } = loadContract()
  const { paths } = document as { paths: Record<string, Record<string, { operationId: string }>> }
  const without = Object.values(paths).flatMap((methods) =>
    Object.entries(methods)
      .filter(
        ([method, operation]) => method !== 'get' && !JSON.stringify(operation).includes('IdempotencyKey'),
      )
      .map(([, { operationId }]) => operationId),
  )
  expect(without.sort()).toEqual(['embed', 'putSnapshot', 'search', 'searchBatch'])
})
