import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ListeningServer } from '../../src/server/listen.js'
import { uploadFolder } from '../../src/server/requests/upload-spool.js'
import { listenOver } from './listen-over.js'
import { openTestServer, picture, type TestServer } from './test-server.js'

let test: TestServer
let server: ListeningServer

beforeAll(async () => {
  test = await openTestServer({
    flags: {
      bodyIdleSeconds: 1,
      maxJsonBytes: 1000,
      maxImageBytes: 5000,
      maxUploadBytes: 5000,
      maxSnapshotBytes: 5000,
      maxRequestsPerClient: 3,
    },
  })
  server = (await listenOver(test)).server
  await test.store.createCollection('c', { model: test.bundle.model, dimensions: 16 })
})
afterAll(async () => {
  await server.stop()
  await test.close()
})

const MiB = 1024 * 1024
const form = 'multipart/form-data; boundary=b'
/** The beginning of a form's file. */
const part = (field: string, name: string) =>
  `--b\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\n\r\n`

const json = { path: '/v1/embed', type: 'application/json', begun: '{"base64":["' }
const photo = { path: '/v1/collections/c/search', type: form, begun: part('image', 'x.jpg') }
const rows = { path: '/v1/collections/c/imports', type: form, begun: part('file', 'rows.csv') }
const snapshot = {
  path: '/v1/collections/c/snapshots/s',
  type: 'application/x-tar',
  begun: 'abc',
  method: 'PUT',
}
const bodies: [string, typeof json & { method?: string }, string][] = [
  ['JSON', json, 'PAYLOAD_TOO_LARGE'],
  ['a picture', photo, 'IMAGE_TOO_LARGE'],
  ['a file to import', rows, 'PAYLOAD_TOO_LARGE'],
  ['a snapshot', snapshot, 'PAYLOAD_TOO_LARGE'],
]

interface Wire {
  readonly socket: Socket
  readonly received: () => string
  readonly closed: Promise<unknown>
}

async function open(): Promise<Wire> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(socket, 'connect')
  return { socket, received: () => text, closed: once(socket, 'close') }
}

/** Each begins another snapshot: one is busy until what is left of its upload is removed. */
let snapshots = 0

async function begin(
  { path, type, method = 'POST' }: { path: string; type: string; method?: string },
  headers: string,
): Promise<Wire> {
  const wire = await open()
  wire.socket.write(
    `${method} ${path === snapshot.path ? `${path}${snapshots++}` : path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\n${headers}\r\n\r\n`,
  )
  return wire
}

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`

/** The connection ends with one whole answer. */
async function expectRefusal({ received, closed }: Wire, status: number, code: string): Promise<void> {
  await closed
  expect(received()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(received()).toMatch(/\r\nConnection: close\r\n/i)
  expect(received()).toContain(`"code":"${code}"`)
}

describe.each(bodies)('%s', (_what, body, tooLarge) => {
  it('that says it is too large is refused before any of it is sent', async () => {
    await expectRefusal(await begin(body, `Content-Length: ${500 * MiB}`), 413, tooLarge)
  })

  it('that says so and asks first is never asked for', async () => {
    const wire = await begin(body, `Content-Length: ${500 * MiB}\r\nExpect: 100-continue`)
    await expectRefusal(wire, 413, tooLarge)
    expect(wire.received()).not.toContain('100 Continue')
  })

  it('that is asked for is read', async () => {
    const wire = await begin(body, 'Content-Length: 100\r\nExpect: 100-continue')
    await expect.poll(wire.received).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    wire.socket.destroy()
  })

  it('that becomes too large is refused in the middle of it', async () => {
    const wire = await begin(body, 'Transfer-Encoding: chunked')
    wire.socket.write(chunk(body.begun))
    for (let i = 0; i < 4; i++) wire.socket.write(chunk('A'.repeat(2000)))
    await expectRefusal(wire, 413, tooLarge)
  })

  it('that falls silent is refused', async () => {
    const wire = await begin(body, 'Content-Length: 500')
    wire.socket.write(body.begun)
    await expectRefusal(wire, 408, 'REQUEST_TIMEOUT')
  })
})

/** To what is not there. */
const lost = {
  search: { ...photo, path: '/v1/collections/none/search' },
  import: { ...rows, path: '/v1/collections/none/imports' },
  item: { ...json, path: '/v1/collections/none/items/a', method: 'PUT' },
  duplicates: { ...json, path: '/v1/collections/none/duplicates' },
}

describe.each(Object.entries(lost))('a body for a collection that is not there (%s)', (_what, body) => {
  it('is refused before any of it is sent, and never asked for', async () => {
    await expectRefusal(await begin(body, 'Transfer-Encoding: chunked'), 404, 'COLLECTION_NOT_FOUND')
    const asking = await begin(body, 'Content-Length: 900\r\nExpect: 100-continue')
    await expectRefusal(asking, 404, 'COLLECTION_NOT_FOUND')
    expect(asking.received()).not.toContain('100 Continue')
  })
})

it('a picture for a model that is not there is refused before any of it is sent', async () => {
  const wire = await begin({ ...photo, path: '/v1/embed?model=none' }, 'Transfer-Encoding: chunked')
  await expectRefusal(wire, 404, 'MODEL_NOT_FOUND')
})

it('a small body for a collection that is not there costs nobody the connection', async () => {
  const wire = await begin(lost.duplicates, 'Content-Length: 17')
  await expect.poll(wire.received).toContain('COLLECTION_NOT_FOUND')
  wire.socket.write('{"threshold":0.5}GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await expect.poll(wire.received).toContain('{"status":"live"}')
  wire.socket.destroy()
})

it('what makes a collection, or may outlive it, is received', async () => {
  for (const body of [
    { path: '/v1/collections/none', type: 'application/json', method: 'PUT' },
    { path: '/v1/collections/none/restore', type: 'application/json' },
  ]) {
    const wire = await begin(body, 'Content-Length: 900\r\nExpect: 100-continue')
    await expect.poll(wire.received).toContain('100 Continue')
    wire.socket.destroy()
  }
})

it('what is refused leaves nothing of its file', async () => {
  await expect.poll(async () => readdir(uploadFolder(test.config.store)).catch(() => [])).toEqual([])
})

it('a body that comes slowly, but keeps coming, is taken', async () => {
  const text = '{"dimensions":3}'
  const wire = await begin(
    { path: '/v1/collections/slow', type: 'application/json', method: 'PUT' },
    `Connection: close\r\nContent-Length: ${text.length}`,
  )
  for (const from of [0, 4, 8, 12]) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    wire.socket.write(text.slice(from, from + 4))
  }
  await wire.closed
  expect(wire.received()).toMatch(/^HTTP\/1\.1 201 /)
})

it('a small body that is refused costs nobody the connection', async () => {
  const wire = await begin({ path: '/v1/nothing', type: 'application/json' }, 'Content-Length: 2')
  await expect.poll(wire.received).toMatch(/^HTTP\/1\.1 404 /)
  wire.socket.write('{}GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await expect.poll(wire.received).toContain('{"status":"live"}')
  wire.socket.destroy()
})

it('a small body that is refused and falls silent ends with its connection', async () => {
  const wire = await begin({ path: '/v1/nothing', type: 'application/json' }, 'Content-Length: 500')
  wire.socket.write('{')
  await wire.closed
  expect(wire.received()).toMatch(/^HTTP\/1\.1 404 /)
})

it('a small body that is refused is watched no longer than its connection lasts', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  for (let n = 0; n < 10; n++) {
    const wire = await begin({ path: '/v1/nothing', type: 'application/json' }, 'Content-Length: 500')
    await expect.poll(wire.received).toMatch(/^HTTP\/1\.1 404 /)
    wire.socket.destroy()
    await wire.closed
  }
  await expect.poll(timers, { timeout: 10_000 }).toBeLessThan(before + 5)
})

describe('a client with its share of unfinished bodies', () => {
  it('is refused more, may read, and is served when they are over', async () => {
    const search = async () => {
      const body = new FormData()
      body.append('image', new Blob([new Uint8Array(await picture('red'))]), 'x.jpg')
      return fetch(`${server.url}/v1/collections/c/search`, { method: 'POST', body })
    }
    const stalled = await Promise.all([1, 2, 3].map(() => begin(json, 'Content-Length: 10')))
    await expect.poll(async () => (await search()).status).toBe(503)
    const refused = await search()
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await refused.json()).toMatchObject({
      code: 'OVERLOADED',
      detail: '3 requests of one address are under way, and 3 may be',
    })
    expect((await fetch(`${server.url}/v1/collections`)).status).toBe(200)
    for (const wire of stalled) await expectRefusal(wire, 408, 'REQUEST_TIMEOUT')
    expect((await search()).status).toBe(200)
  })
})
