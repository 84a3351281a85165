import { randomUUID } from 'node:crypto'
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { KindredError } from '../../errors.js'
import type { Logger } from '../../log.js'
import { tellProblem } from './problem.js'

/** How long a client that sends on is listened to, so that it can read its answer before the connection is reset. */
const lingerMilliseconds = 1000

interface Exchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

/**
 * Answers what never becomes a request, or stops being one in its body: lines and headers that are not HTTP, heads that
 * are too long, requests that take too long to arrive, CONNECT. The connection is closed afterwards. Expectations that
 * Node does not know are handed to the app as any other request.
 */
export function answerBrokenRequests(server: Server, logger: Logger): void {
  /** Requests of a connection that are not answered yet. */
  const exchanges = new WeakMap<Duplex, Set<Exchange>>()
  /** Connections that were told, or will be. */
  const broken = new WeakSet<Duplex>()

  server.on('request', (req, res) => {
    const open = exchanges.get(req.socket) ?? new Set()
    exchanges.set(req.socket, open)
    const exchange = { req, res }
    open.add(exchange)
    res.once('close', () => open.delete(exchange))
  })
  server.on('checkExpectation', (req, res) => server.emit('request', req, res))
  server.on('connect', (_req, socket) => {
    socket.on('error', () => socket.destroy())
    answer(socket, new KindredError('METHOD_NOT_ALLOWED', 'CONNECT is for proxies'), logger)
  })
  server.on('clientError', (cause: NodeJS.ErrnoException, socket) => {
    // The parser goes on complaining about what follows.
    if (broken.has(socket)) return
    broken.add(socket)
    const open = [...(exchanges.get(socket) ?? [])]
    const newest = open.at(-1)
    // A body that broke off belongs to the newest request; whatever else is broken comes after all of them.
    const inBody = newest !== undefined && !newest.req.complete
    const before = inBody ? open.slice(0, -1) : open
    const tell = (): void => {
      if (inBody && newest.res.headersSent) socket.destroy()
      else answer(socket, toError(cause), logger)
    }
    if (before.length === 0 || !socket.writable) tell()
    else before.at(-1)?.res.once('close', tell)
  })
}

function toError(cause: NodeJS.ErrnoException): KindredError {
  switch (cause.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new KindredError('HEADERS_TOO_LARGE', 'The head of the request is longer than is accepted', {
        cause,
        hint: 'The setting maxHeaderBytes raises the limit.',
      })
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new KindredError('PAYLOAD_TOO_LARGE', 'The chunk extensions of the request are too long', {
        cause,
      })
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new KindredError('REQUEST_TIMEOUT', 'The request did not arrive in the time that it may take', {
        cause,
      })
    case undefined:
    default:
      return new KindredError('MALFORMED_REQUEST', 'What was sent is not an HTTP/1.1 request', { cause })
  }
}

/** Writes a whole answer to the connection itself, there being no response to write to. */
function answer(socket: Duplex, error: KindredError, logger: Logger): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const requestId = randomUUID()
  const body = JSON.stringify(tellProblem(error, { id: requestId, log: logger }))
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...(error.code === 'METHOD_NOT_ALLOWED' ? ['Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'] : []),
    'Connection: close',
  ]
  logger.info({ requestId, status: error.status, code: error.code }, 'no request')
  const linger = setTimeout(() => socket.destroy(), lingerMilliseconds)
  socket.once('close', () => {
    clearTimeout(linger)
  })
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
