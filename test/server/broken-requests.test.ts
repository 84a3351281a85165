import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ListeningServer } from '../../src/server/listen.js'
import { listenOver } from './listen-over.js'
import { openTestServer, type TestServer } from './test-server.js'

let test: TestServer
let server: ListeningServer
const log: string[] = []

beforeAll(async () => {
  test = await openTestServer({
    flags: { maxHeaderBytes: 4096, headersSeconds: 1, bodySeconds: 2, uploadSeconds: 2 },
  })
  const sink = new PassThrough()
  sink.on('data', (chunk: Buffer) => log.push(...chunk.toString().trim().split('\n')))
  const logger = pino({ level: 'info' }, sink)
  server = (await listenOver(test, {}, logger)).server
})
afterAll(async () => {
  await server.stop()
  await test.close()
})

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Everything that comes back until the connection is closed. */
async function exchange(sent: string): Promise<string> {
  const socket = await open()
  const parts: Buffer[] = []
  socket.on('data', (part: Buffer) => parts.push(part))
  socket.write(sent)
  await once(socket, 'close')
  return Buffer.concat(parts).toString()
}

/** The answer is one whole problem of this code, and the last thing on its connection. */
function expectProblem(answer: string, status: number, code: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(head.toLowerCase()).toContain('content-type: application/problem+json')
  expect(head.toLowerCase()).toContain('connection: close')
  expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBe(Buffer.byteLength(body))
  const requestId = /x-request-id: (\S+)/i.exec(head)?.[1]
  expect(JSON.parse(body)).toMatchObject({
    type: `/docs/errors#${code}`,
    status,
    code,
    requestId,
    title: expect.any(String) as string,
    detail: expect.any(String) as string,
  })
}

const close = 'Connection: close\r\n'

describe('what Node answers before Express is a problem, too', () => {
  it.each([
    ['a line that is no HTTP', 'hello\r\n\r\n'],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a header without a colon', 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n'],
    ['a header name with a space', 'GET /health/live HTTP/1.1\r\nHost : x\r\n\r\n'],
    [
      'two lengths',
      'POST /v1/embed HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    ],
    [
      'a length beside chunks',
      'POST /v1/embed HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'a broken chunk',
      'POST /v1/embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
    ['no host', `GET /health/live HTTP/1.1\r\n${close}\r\n`],
    ['two hosts', `GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: y\r\n${close}\r\n`],
  ])('400 to %s', async (_what, sent) => {
    expectProblem(await exchange(sent), 400, 'MALFORMED_REQUEST')
  })

  it('a request of HTTP/1.0 needs no host', async () => {
    expect(await exchange('GET /health/live HTTP/1.0\r\n\r\n')).toContain('{"status":"live"}')
  })

  it.each([
    ['one long header', `X: ${'x'.repeat(100_000)}`],
    ['many headers', Array.from({ length: 20_000 }, (_, i) => `X-${i}: 1`).join('\r\n')],
  ])('431 to %s', async (_what, headers) => {
    const answer = await exchange(`GET /health/live HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n`)
    expectProblem(answer, 431, 'HEADERS_TOO_LARGE')
  })

  it('431 to a long path', async () => {
    expectProblem(
      await exchange(`GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`),
      431,
      'HEADERS_TOO_LARGE',
    )
  })

  it('413 to chunks with long extensions', async () => {
    const answer = await exchange(
      'POST /v1/embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n' +
        `1;${'x'.repeat(100_000)}\r\n{\r\n`,
    )
    expectProblem(answer, 413, 'PAYLOAD_TOO_LARGE')
  })

  it('417 to an expectation that it does not know', async () => {
    const answer = await exchange(
      `POST /v1/embed HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\n${close}Content-Length: 0\r\n\r\n`,
    )
    expectProblem(answer, 417, 'EXPECTATION_FAILED')
  })

  it('204 to OPTIONS of the whole server, with what it takes', async () => {
    const answer = await exchange(`OPTIONS * HTTP/1.1\r\nHost: localhost\r\n${close}\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 204 /)
    expect(answer).toMatch(/\r\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n/)
  })

  it('405 to CONNECT', async () => {
    const answer = await exchange('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n')
    expectProblem(answer, 405, 'METHOD_NOT_ALLOWED')
    expect(answer).toMatch(/^Allow: GET/m)
  })

  it('408 to a head and to a body that do not arrive', async () => {
    const [silent, head, body] = await Promise.all([
      exchange(''),
      exchange('GET /health/live HTTP/1.1\r\nHost:'),
      exchange(
        'POST /v1/embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
      ),
    ])
    for (const answer of [silent, head, body]) expectProblem(answer, 408, 'REQUEST_TIMEOUT')
  })

  it('is logged with its request id, without what was sent', async () => {
    log.length = 0
    const answer = await exchange('GET /?key=secret HTTP/1.1\r\nAuthorization secret\r\n\r\n')
    const requestId = /X-Request-Id: (\S+)/.exec(answer)?.[1]
    await expect.poll(() => log.filter((line) => line.includes('no request'))).toHaveLength(1)
    const logged = log.map((line) => JSON.parse(line) as unknown)
    expect(logged).toContainEqual(
      expect.objectContaining({ requestId, status: 400, code: 'MALFORMED_REQUEST' }),
    )
    expect(log.join('\n')).not.toContain('secret')
  })
})

describe('a connection with several requests', () => {
  it('gets the answers to the whole ones before it is told of the broken one', async () => {
    const good = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const answers = (await exchange(`${good}${good}broken\r\n\r\n`)).split(/(?=HTTP\/1\.1 \d)/)
    expect(answers.map((answer) => answer.slice(9, 12))).toEqual(['200', '200', '400'])
    expectProblem(answers[2] ?? '', 400, 'MALFORMED_REQUEST')
  })
})

describe('a broken connection', () => {
  it('is the end of that connection and of nothing else', async () => {
    const shapes = [
      '',
      'GET ',
      'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'POST /v1/embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"base64',
      'POST /v1/embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n' +
        'Transfer-Encoding: chunked\r\n\r\n3\r\n--b\r\n',
      'CONNECT x:1 HTTP/1.1\r\nHost: localhost\r\n\r\n',
      '\0'.repeat(5000),
    ]
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        shapes.map(async (sent, i) => {
          const socket = await open()
          socket.write(sent)
          if ((round + i) % 2 === 0) await new Promise((resolve) => setTimeout(resolve, round))
          // With a reset, not with an orderly end.
          socket.resetAndDestroy()
        }),
      )
    }
    const alive = httpRequest(`${server.url}/health/ready`, { agent: false }).end()
    const [response] = (await once(alive, 'response')) as [{ statusCode: number; resume(): void }]
    response.resume()
    expect(response.statusCode).toBe(200)
  })
})
