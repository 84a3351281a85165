import fc from 'fast-check'
import request from 'supertest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLogger } from '../../../src/log.js'
import { makeApiKey } from '../../../src/server/access/api-key.js'
import { openTestServer, type TestServer } from '../test-server.js'
import { keyedApp, type KeyedApp } from './access-server.js'

let server: TestServer
let keyed: KeyedApp
const lines: string[] = []
const logger = createLogger('trace', { write: (line: string) => lines.push(line) })
beforeAll(async () => {
  server = await openTestServer()
  keyed = keyedApp(server, { parts: { logger } })
}, 60_000)
afterAll(async () => {
  keyed.close()
  await server.close()
})

it('shows which key a request came with, and never the key, wherever it was put', async () => {
  const key = keyed.bearer({ scope: 'admin' }).slice('Bearer '.length)
  const secret = key.slice(-43)
  const { app } = keyed
  const sent = [
    request(app).get('/v1/models').set('Authorization', `Bearer ${key}`),
    request(app).get('/v1/models').set('Authorization', `Basic ${key}`),
    request(app).get('/v1/models').auth(key, key),
    request(app).get('/v1/models').query({ key }),
    request(app).get(`/v1/models/${key}`).set('Authorization', `Bearer ${key}`),
    request(app).get(`/${key}/${key}`),
    request(app).get('/v1/models').set('X-Request-Id', key),
    request(app).get('/v1/models').set('Referer', `http://x/${key}`).set('User-Agent', key),
    request(app).put('/v1/collections/a').set('Authorization', `Bearer ${key}`).send({ model: key }),
    request(app)
      .post('/v1/collections/a/search')
      .set('Authorization', `Bearer ${key}`)
      .type('json')
      .send(`{${key}`),
  ]
  await Promise.all(sent)
  await expect.poll(() => lines.length).toBeGreaterThanOrEqual(sent.length)
  const log = lines.join('')
  expect(log).toContain(`"key":"${key.slice('kindred_'.length, -44)}"`)
  expect(log).not.toContain(secret)
  expect(log).not.toContain(Buffer.from(`${key}:${key}`).toString('base64'))
})

it('takes keys out of whatever is logged, and nothing else', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 3 }), (before, after, times) => {
      const { id, key } = makeApiKey()
      lines.length = 0
      logger.error(
        { err: new Error(`${before}${key}`), nested: { deep: Array(times).fill(key) } },
        `${key}${after}`,
      )
      const line = lines.join('')
      expect(line).not.toContain(key.slice(-43))
      const told = JSON.parse(line) as { msg: string; nested: { deep: string[] } }
      expect(told.msg).toBe(`kindred_${id}_[secret]${after}`)
      expect(told.nested.deep).toEqual(Array(times).fill(`kindred_${id}_[secret]`))
    }),
  )
})
