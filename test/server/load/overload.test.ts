import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Config } from '../../../src/config.js'
import { deferred, type Deferred } from '../../../src/embedding/deferred.js'
import type { Embedder } from '../../../src/embedding/embedder.js'
import type { Lifecycle } from '../../../src/server/lifecycle.js'
import type { ListeningServer } from '../../../src/server/listen.js'
import { createLogger } from '../../../src/log.js'
import { listenOver } from '../listen-over.js'
import { openTestServer, picture, quiet, type TestServer } from '../test-server.js'

let test: TestServer
let server: ListeningServer
let lifecycle: Lifecycle
/** While there is one, embedding waits for it. */
let gate: Deferred<undefined> | undefined
let embedded = 0

const gated = (embedder: Embedder): Embedder => ({
  ...embedder,
  async embed(inputs, options) {
    embedded++
    await gate?.promise
    return embedder.embed(inputs, options)
  },
})

beforeAll(async () => {
  test = await openTestServer({ wrapEmbedder: gated })
  await test.store.createCollection('shoes', { model: test.bundle.model, dimensions: 16 })
  await test.store.putItems('shoes', [{ id: 'a', embedding: new Float32Array(16).fill(1) }])
})
afterAll(() => test.close())
beforeEach(() => {
  embedded = 0
  gate = deferred()
})
afterEach(async () => {
  gate?.resolve(undefined)
  await server.stop()
})

async function serve(settings: Partial<Config>, logger = quiet): Promise<void> {
  ;({ server, lifecycle } = await listenOver(test, settings, logger))
}

async function search(signal?: AbortSignal): Promise<Response> {
  const body = new FormData()
  body.append('image', new Blob([new Uint8Array(await picture('red'))]), 'x.jpg')
  return fetch(`${server.url}/v1/collections/shoes/search`, {
    method: 'POST',
    body,
    ...(signal && { signal }),
  })
}

const begin = (signal?: AbortSignal): Promise<Response> => {
  const answer = search(signal)
  answer.catch(() => undefined)
  return answer
}

async function expectRefusal(answer: Response, code: string): Promise<void> {
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(await answer.json()).toMatchObject({ code })
}

/** Until so many pictures are in the line. */
const waiting = (pictures: number) =>
  expect
    .poll(async () => (await fetch(`${server.url}/metrics`)).text())
    .toContain(`\nkindred_pictures_waiting ${pictures}\n`)

describe('more pictures than can be embedded', () => {
  it('are refused at once with 503, while health, reads and ready-made embeddings are answered', async () => {
    await serve({ picturesAtOnce: 1, picturesWaiting: 1 })
    const first = begin()
    await expect.poll(() => embedded).toBe(1)
    const second = begin()
    await waiting(1)
    await expectRefusal(await search(), 'OVERLOADED')
    const base64 = (await picture('red')).toString('base64')
    const asJson = (path: string, body: object) =>
      fetch(`${server.url}/v1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    await expectRefusal(await asJson('/embed', { base64: [base64] }), 'OVERLOADED')
    for (const path of [
      '/health/live',
      '/health/ready',
      '/v1/collections/shoes/items/a',
      '/v1/collections',
    ]) {
      expect((await fetch(`${server.url}${path}`)).status, path).toBe(200)
    }
    expect((await asJson('/collections/shoes/search', { itemId: 'a' })).status).toBe(200)
    expect(embedded).toBe(1)
    gate?.resolve(undefined)
    expect([(await first).status, (await second).status]).toEqual([200, 200])
    expect((await search()).status).toBe(200)
  })

  it('are refused before their upload is read', async () => {
    await serve({ picturesAtOnce: 1, picturesWaiting: 0 })
    const first = begin()
    await expect.poll(() => embedded).toBe(1)
    const socket = await raw(
      'POST /v1/embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n',
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toContain('"code":"OVERLOADED"')
    socket.destroy()
    gate?.resolve(undefined)
    expect((await first).status).toBe(200)
  })
})

describe('a picture that is refused before anyone looks who sends it', () => {
  const send = (headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.url}/v1/collections/shoes/search?from=here`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', ...headers },
      body: '--b--\r\n',
    })

  it('is answered, counted and logged as any other request', async () => {
    const lines: string[] = []
    const logger = createLogger('info', { write: (line) => lines.push(line) })
    await serve({ picturesAtOnce: 1, picturesWaiting: 0, corsOrigins: 'https://shop.example' }, logger)
    const first = begin()
    await expect.poll(() => embedded).toBe(1)
    const answer = await send({ 'x-request-id': 'mine', origin: 'https://shop.example' })
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'x-request-id': 'mine',
      'access-control-allow-origin': 'https://shop.example',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'") as string,
    })
    await expectRefusal(answer, 'OVERLOADED')
    await expect
      .poll(async () => (await fetch(`${server.url}/metrics`)).text())
      .toContain('kindred_requests_total{operation="search",status="503"} 1')
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ requestId: 'mine', path: '/v1/collections/shoes/search', status: 503 }),
    )
    gate?.resolve(undefined)
    expect((await first).status).toBe(200)
  })

  it('is told that the server stops, where it does', async () => {
    await serve({ picturesAtOnce: 1, picturesWaiting: 0 })
    const first = begin()
    await expect.poll(() => embedded).toBe(1)
    lifecycle.stop()
    await expectRefusal(await send(), 'SHUTTING_DOWN')
    gate?.resolve(undefined)
    expect((await first).status).toBe(200)
  })
})

describe('more requests than may be under way', () => {
  it('are refused, those with a body and those without apart; never health', async () => {
    await serve({ maxRequests: 2 })
    const unfinished = await Promise.all(
      [1, 2].map(() =>
        raw(
          'POST /v1/embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{',
        ),
      ),
    )
    await expect.poll(async () => (await search()).status).toBe(503)
    await expectRefusal(await search(), 'OVERLOADED')
    expect((await fetch(`${server.url}/v1/collections/shoes`)).status).toBe(200)
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
    for (const socket of unfinished) socket.destroy()
    gate?.resolve(undefined)
    await expect.poll(async () => (await search()).status).toBe(200)
  })
})

describe('a request', () => {
  it('that is not answered in time gets 503, and nothing more is done for it', async () => {
    await serve({ picturesAtOnce: 1, answerSeconds: 1 })
    const started = performance.now()
    const first = begin()
    await expect.poll(() => embedded).toBe(1)
    const second = begin()
    await waiting(1)
    await expectRefusal(await first, 'DEADLINE_EXCEEDED')
    await expectRefusal(await second, 'DEADLINE_EXCEEDED')
    expect(performance.now() - started).toBeGreaterThan(990)
    gate?.resolve(undefined)
    expect((await search()).status).toBe(200)
    // The second left the line before its turn came.
    expect(embedded).toBe(2)
  })

  it('whose client leaves while it waits is never decoded or embedded', async () => {
    await serve({ picturesAtOnce: 1, picturesWaiting: 1 })
    const first = begin()
    await expect.poll(() => embedded).toBe(1)
    const client = new AbortController()
    const second = begin(client.signal)
    await waiting(1)
    client.abort()
    await expect(second).rejects.toThrow()
    await waiting(0)
    const third = begin()
    await waiting(1)
    gate?.resolve(undefined)
    expect([(await first).status, (await third).status]).toEqual([200, 200])
    expect(embedded).toBe(2)
  })
})

async function raw(head: string): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(head)
  return socket
}
