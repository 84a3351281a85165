import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestServer, type TestServer } from '../test-server.js'
import { keyedApp, type KeyedApp } from './access-server.js'

let server: TestServer
let keyed: KeyedApp
let listening: Server
beforeAll(async () => {
  server = await openTestServer()
  await server.store.createCollection('shoes', { model: null, dimensions: 2 })
  keyed = keyedApp(server)
  listening = createServer(keyed.app).listen(0, '127.0.0.1')
  await once(listening, 'listening')
})
afterAll(async () => {
  listening.close()
  listening.closeAllConnections()
  keyed.close()
  await server.close()
})

/** The answer to an upload of which nothing but the head was sent. */
async function answerToHead(collection: string, bearer: string | null) {
  const asking = request({
    host: '127.0.0.1',
    port: (listening.address() as AddressInfo).port,
    method: 'POST',
    path: `/v1/collections/${collection}/imports`,
    headers: {
      'Content-Type': 'multipart/form-data; boundary=b',
      'Content-Length': 300_000_000,
      ...(bearer !== null && { Authorization: bearer }),
    },
  })
  asking.flushHeaders()
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  const { code } = JSON.parse(await text(answer)) as { code: string }
  asking.destroy()
  return { status: answer.statusCode, code, connection: answer.headers.connection }
}

it('whoever may not upload is told so before the file is sent', async () => {
  const refusal = { code: 'FORBIDDEN', status: 403, connection: 'close' }
  const limited = { scope: 'write', collections: ['hats'] } as const
  expect(await answerToHead('shoes', keyed.bearer({ scope: 'search' }))).toEqual(refusal)
  expect(await answerToHead('shoes', keyed.bearer(limited))).toEqual(refusal)
  // Whether there is such a collection is not for this key to know.
  expect(await answerToHead('nowhere', keyed.bearer(limited))).toEqual(refusal)
  expect(await answerToHead('shoes', null)).toMatchObject({ status: 401, connection: 'close' })
  const missing = { code: 'COLLECTION_NOT_FOUND', status: 404, connection: 'close' }
  expect(await answerToHead('nowhere', keyed.bearer({ scope: 'write' }))).toEqual(missing)
})
