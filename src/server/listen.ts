import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate as nextRound } from 'node:timers/promises'
import { KindredError } from '../errors.js'
import type { Logger } from '../log.js'
import type { Lifecycle } from './lifecycle.js'
import { answerBrokenRequests } from './requests/broken-requests.js'
import { askBeforeBodies } from './requests/expect-continue.js'
import { closeWaitingResponses } from './requests/waiting-responses.js'

export interface ListeningServer {
  /** `http://HOST:PORT` */
  readonly url: string
  /**
   * Takes no new work, finishes what was accepted within the set time, and closes every connection. Called again, it
   * finishes nothing any more.
   */
  stop(): Promise<void>
}

/**
 * Connections that may wait to be accepted. Node accepts one in each round of its loop; where there is no room the
 * client's system tries again after 1, 3, 7, 15 s, which is worse than any 503. The system may allow fewer (somaxconn).
 */
const backlog = 4096

export interface ListenOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly shutdownSeconds: number
  readonly maxHeaderBytes: number
  /** How long the head of a request may take to arrive. */
  readonly headersSeconds: number
  /** How long all of any request may take. */
  readonly uploadSeconds: number
  readonly lifecycle: Lifecycle
  readonly logger: Logger
}

/** @throws KindredError INVALID_SETTING where the address is taken or is not this machine's */
export async function listen(listener: RequestListener, options: ListenOptions): Promise<ListeningServer> {
  const { host, port, shutdownSeconds, lifecycle, logger } = options
  const server = createServer(
    {
      maxHeaderSize: options.maxHeaderBytes,
      headersTimeout: options.headersSeconds * 1000,
      // Bodies that are not large files have a deadline of their own (mountOperations).
      requestTimeout: Math.max(options.headersSeconds, options.uploadSeconds) * 1000,
      // Otherwise both would be looked at every half minute.
      connectionsCheckingInterval: 1000,
      // The app refuses a request without a host, in its own words: see checkHead.
      requireHostHeader: false,
      // Longer than the minute that load balancers keep a connection for, so that they close it first.
      keepAliveTimeout: 65_000,
    },
    listener,
  )
  const connections = watchConnections(server, lifecycle)
  answerBrokenRequests(server, logger)
  closeWaitingResponses(server)
  askBeforeBodies(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new KindredError('INVALID_SETTING', `The server cannot listen on ${host}:${port}: ${cause.message}`, {
          cause,
          hint: 'Choose another address with --host and --port; --port 0 takes a free one.',
        }),
      )
    })
    server.listen({ host, port, backlog }, resolve)
  })
  let stopped: Promise<void> | undefined
  return {
    url: urlOf(server),
    stop() {
      lifecycle.stop()
      connections.announceEnd()
      if (stopped !== undefined) server.closeAllConnections()
      stopped ??= drain(server, connections, shutdownSeconds)
      return stopped
    },
  }
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

interface Connections {
  /** Has the answers that are still to come say that their connection ends with them. */
  announceEnd(): void
  /** Closes those that carry no request. */
  closeIdle(): void
}

/**
 * Knows the connections that carry a request, and from when the server stops closes each after its answer. Node's own
 * closeIdleConnections() passes over connections that never carried one.
 */
function watchConnections(server: Server, lifecycle: Lifecycle): Connections {
  const sockets = new Set<Socket>()
  const pending = new Set<ServerResponse>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('request', (req, res) => {
    pending.add(res)
    res.once('close', () => {
      pending.delete(res)
      if (lifecycle.stopping) req.socket.destroySoon()
    })
  })
  return {
    announceEnd() {
      for (const res of pending) if (!res.headersSent) res.setHeader('Connection', 'close')
    },
    closeIdle() {
      const busy = new Set([...pending].map((res) => res.socket))
      for (const socket of sockets) if (!busy.has(socket)) socket.destroySoon()
    },
  }
}

/** Of the loop: in each one connection is accepted, and what has come in on the others is read. */
const roundsToRead = 64

async function drain(server: Server, connections: Connections, seconds: number): Promise<void> {
  // Requests that have come in by now are read, and told that the server stops: their connections look idle until then.
  for (let round = 0; round < roundsToRead; round++) await nextRound()
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve()
    })
  })
  connections.closeIdle()
  const deadline = setTimeout(() => {
    server.closeAllConnections()
  }, seconds * 1000)
  await closed
  clearTimeout(deadline)
}
