import { randomUUID } from 'node:crypto'
import { isSpanContextValid, trace } from '@opentelemetry/api'
import type { IncomingMessage } from 'node:http'
import type { Logger } from '../../log.js'
import { keyIdOf } from '../access/caller.js'
import type { Layer } from './layer.js'

/** What belongs to one request from its head to its answer. */
export interface RequestContext {
  /** The client's X-Request-Id where it is sane, else one of ours. */
  readonly id: string
  /** performance.now() when the head had arrived. */
  readonly startedAt: number
  /** Aborted when the client leaves before it has its answer, or has waited for it as long as it may. */
  readonly signal: AbortSignal
  readonly abort: (reason: unknown) => void
  readonly log: Logger
}

const contexts = new WeakMap<object, RequestContext>()

/** The context that `requestContext` made for this request. */
export function contextOf(req: IncomingMessage): RequestContext {
  const context = contexts.get(req)
  if (context === undefined) throw new Error('The request has no context: requestContext() must come first')
  return context
}

/** Gives each request its context, names it in X-Request-Id, and logs one line when it is over. */
export function requestContext(logger: Logger): Layer {
  return (req, res, next) => {
    const startedAt = performance.now()
    const path = pathOf(req)
    const id = saneId(req.headers['x-request-id']) ?? randomUUID()
    const log = logger.child({ requestId: id, ...traceIds() })
    const client = new AbortController()
    const abort = (reason: unknown): void => {
      client.abort(reason)
    }
    contexts.set(req, { id, startedAt, signal: client.signal, abort, log })
    res.setHeader('X-Request-Id', id)
    res.once('close', () => {
      const aborted = !res.writableFinished
      if (aborted) client.abort()
      const key = keyIdOf(req)
      log.info(
        {
          method: req.method,
          path,
          ...(aborted ? { aborted } : { status: res.statusCode }),
          ...(key !== undefined && { key }),
          ms: Math.round((performance.now() - startedAt) * 100) / 100,
        },
        'request',
      )
    })
    next()
  }
}

/** The path of a request as it came in, as it is written; Express' routers take away what led to them. */
export function pathOf({ url = '' }: IncomingMessage): string {
  // RFC 9112 section 3.2.2: a proxy may name the server as well.
  const pathAndQuery = url.replace(/^https?:\/\/[^/?]*/i, '')
  return pathAndQuery.split('?', 1)[0] ?? ''
}

/** Where a trace is under way, the names by which its log lines are found. */
function traceIds(): { traceId?: string; spanId?: string } {
  const span = trace.getActiveSpan()?.spanContext()
  return span !== undefined && isSpanContextValid(span) ? { traceId: span.traceId, spanId: span.spanId } : {}
}

const saneId = (id: string | string[] | undefined): string | undefined =>
  typeof id === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(id) ? id : undefined
