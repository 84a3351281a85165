import { once } from 'node:events'
import { Agent, get, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Embedder } from '../../src/embedding/embedder.js'
import { Lifecycle } from '../../src/server/lifecycle.js'
import { listen, type ListeningServer } from '../../src/server/listen.js'
import { listenOver } from './listen-over.js'
import { openTestServer, picture, quiet, type TestServer } from './test-server.js'

let test: TestServer
let server: ListeningServer
/** While there is one, embedding waits for it. */
let gate: Promise<void> | undefined
let signals: AbortSignal[]

const gated = (embedder: Embedder): Embedder => ({
  ...embedder,
  async embed(inputs, options) {
    if (options?.signal) signals.push(options.signal)
    await gate
    return embedder.embed(inputs, options)
  },
})

beforeAll(async () => {
  test = await openTestServer({ wrapEmbedder: gated })
  await test.store.createCollection('shoes', { model: test.bundle.model, dimensions: 16 })
})
afterAll(() => test.close())

beforeEach(async () => {
  gate = undefined
  signals = []
  server = await start(300)
})
afterEach(() => server.stop())

const start = async (shutdownSeconds: number): Promise<ListeningServer> =>
  (await listenOver(test, { shutdownSeconds })).server

/** A search that waits in the embedder until the gate opens. */
async function startSearch(init: RequestInit = {}, url = server.url) {
  const body = new FormData()
  body.append('image', new Blob([new Uint8Array(await picture('red'))]), 'x.jpg')
  const answer = fetch(`${url}/v1/collections/shoes/search`, { ...init, method: 'POST', body })
  answer.catch(() => undefined)
  await expect.poll(() => signals.length).toBe(1)
  // In an object, so that awaiting the start does not await the answer.
  return { answer }
}

function openGate(): () => void {
  let open: () => void = () => undefined
  gate = new Promise((resolve) => {
    open = resolve
  })
  return open
}

describe('listen', () => {
  it('says why it cannot', async () => {
    const port = Number(new URL(server.url).port)
    const again = listen(test.app, {
      ...test.config,
      port,
      lifecycle: new Lifecycle(),
      logger: quiet,
    })
    await expect(again).rejects.toMatchObject({
      code: 'INVALID_SETTING',
      message: expect.stringContaining('EADDRINUSE') as string,
    })
  })

  it('keeps connections alive', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ports = []
    for (let i = 0; i < 2; i++) {
      const [answer] = (await once(get(`${server.url}/health/live`, { agent }), 'response')) as [
        IncomingMessage,
      ]
      ports.push(answer.socket.localPort)
      answer.resume()
      await once(answer, 'end')
    }
    agent.destroy()
    expect(ports[0]).toBe(ports[1])
  })

  it('takes an item id with an encoded slash as it came over the wire', async () => {
    await test.store.putItems('shoes', [{ id: 'a/b', embedding: new Float32Array(16).fill(1) }])
    const answer = await fetch(`${server.url}/v1/collections/shoes/items/a%2Fb`)
    expect(await answer.json()).toMatchObject({ id: 'a/b' })
  })
})

describe('a client that leaves', () => {
  it('aborts what the embedder does for it', async () => {
    const open = openGate()
    const client = new AbortController()
    const { answer } = await startSearch({ signal: client.signal })
    expect(signals[0]?.aborted).toBe(false)
    client.abort()
    await expect(answer).rejects.toThrow()
    await expect.poll(() => signals[0]?.aborted).toBe(true)
    open()
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
  })

  it('in the middle of its upload leaves the server in good health', async () => {
    const upload = httpRequest(`${server.url}/v1/collections/shoes/search`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': '100000' },
    })
    upload.on('error', () => undefined)
    upload.write('--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\nabc')
    await new Promise((resolve) => setTimeout(resolve, 100))
    upload.destroy()
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
  })
})

describe('stop', () => {
  it('finishes what was accepted, takes nothing new, and closes idle connections', async () => {
    const idle = connect(Number(new URL(server.url).port), '127.0.0.1')
    await once(idle, 'connect')
    const open = openGate()
    const search = await startSearch()
    const stopped = server.stop()
    // Who comes at this very moment may still be answered.
    const comes = () =>
      fetch(`${server.url}/health/live`).then(
        () => 'answered',
        () => 'refused',
      )
    await expect.poll(comes).toBe('refused')
    open()
    const answer = await search.answer
    expect(answer.status).toBe(200)
    await stopped
    if (!idle.destroyed) await once(idle, 'close')
    expect(signals[0]?.aborted).toBe(false)
    expect(answer.headers.get('connection')).toBe('close')
  })

  it('tells those whose request has come but is not read yet, rather than cutting them off', async () => {
    const clients = Array.from({ length: 12 }, () => connect(Number(new URL(server.url).port), '127.0.0.1'))
    const answers = clients.map(async (client) => {
      let text = ''
      for await (const chunk of client) text += String(chunk)
      return text
    })
    for (const client of clients) client.write('GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await Promise.all(clients.map((client) => once(client, 'connect')))
    await server.stop()
    for (const text of await Promise.all(answers)) expect(text).toMatch(/^HTTP\/1\.1 (200|503) /)
  })

  it('waits no longer than it may', async () => {
    const hasty = await start(1)
    openGate()
    const { answer } = await startSearch({}, hasty.url)
    const started = performance.now()
    await hasty.stop()
    expect(performance.now() - started).toBeGreaterThan(900)
    await expect(answer).rejects.toThrow()
  })

  it('asked again, cuts off what still runs', async () => {
    openGate()
    const { answer } = await startSearch()
    const stopped = server.stop()
    const started = performance.now()
    await server.stop()
    await stopped
    expect(performance.now() - started).toBeLessThan(60_000)
    await expect(answer).rejects.toThrow()
  })
})
