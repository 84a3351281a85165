import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import request from 'supertest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Embedder } from '../../src/embedding/embedder.js'
import { openTestServer, picture, type TestServer } from './test-server.js'

let server: TestServer
let broken = false
const lines: string[] = []

beforeAll(async () => {
  const sink = new PassThrough()
  sink.on('data', (chunk: Buffer) => lines.push(...chunk.toString().trim().split('\n')))
  server = await openTestServer({
    parts: { logger: pino({ level: 'trace' }, sink) },
    wrapEmbedder: (embedder): Embedder => ({
      ...embedder,
      embed: (inputs, options) =>
        broken ? Promise.reject(new Error('broken')) : embedder.embed(inputs, options),
    }),
  })
  await server.store.createCollection('shoes', { model: server.bundle.model, dimensions: 16 })
})
afterAll(() => server.close())

const api = () => request(server.app)
const secret = 'hush-hush'

it('has a line with its request id for every request, and neither secrets nor pictures, at any level', async () => {
  const red = await picture('red')
  const base64 = red.toString('base64')
  const authorized = (test: request.Test, id: string) =>
    test.set('X-Request-Id', id).set('Authorization', `Bearer ${secret}`).set('Cookie', `key=${secret}`)
  const search = '/v1/collections/shoes/search'
  await authorized(api().post(search), 'multipart').attach('image', red, `${secret}.jpg`).expect(200)
  await authorized(api().post(search), 'json').send({ base64 }).expect(200)
  await authorized(api().post(`/v1/embed?model=${secret}`), 'query').send({ base64: [base64] })
  await authorized(api().post(search), 'not-json').type('json').send(`{"base64":"${base64}`).expect(400)
  await authorized(api().post(search), 'wrong')
    .send({ base64, [secret]: secret })
    .expect(400)
  await authorized(api().post(search), 'no-picture').attach('image', Buffer.from(secret), 'x').expect(415)
  await authorized(api().post(search), 'cut').attach('image', red.subarray(0, 200), 'x').expect(422)
  broken = true
  await authorized(api().post(search), 'failed').attach('image', red, 'x').expect(500)

  const ids = ['multipart', 'json', 'query', 'not-json', 'wrong', 'no-picture', 'cut', 'failed']
  const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  for (const requestId of ids) {
    await expect.poll(logged).toContainEqual(expect.objectContaining({ requestId, msg: 'request' }))
  }
  expect(logged()).toContainEqual(expect.objectContaining({ requestId: 'failed', level: 50 }))
  const text = lines.join('\n')
  expect(text).not.toContain(secret)
  for (let at = 0; at + 24 <= base64.length; at += 24) expect(text).not.toContain(base64.slice(at, at + 24))
  // Bytes of a buffer would be numbers in a list.
  expect(text).not.toMatch(/"type":"Buffer"|\d+,\d+,\d+,\d+,\d+,\d+/)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(6000)
})
