import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ErrorRequestHandler } from 'express'
import { KindredError, toKindredError, type ErrorCode } from '../../errors.js'
import type { Api } from '../contract/operation-types.js'
import { leaveBody } from './leave-body.js'
import { contextOf, type RequestContext } from './request-context.js'
import type { ArrivalLimits } from './watch-arrival.js'

/** Whatever was thrown as RFC 9457 tells it. What went wrong inside the server is logged, and only its code is told. */
export function tellProblem(
  thrown: unknown,
  { id, log }: Pick<RequestContext, 'id' | 'log'>,
): Api<'Problem'> {
  const error = fromHttpError(thrown) ?? toKindredError(thrown)
  if (error.status === 500) log.error({ err: error, cause: error.cause }, error.message)
  return {
    type: `/docs/errors#${error.code}`,
    title: error.title,
    status: error.status,
    detail:
      error.status === 500
        ? 'The server could not answer this request; its log has the details under this request id.'
        : error.message,
    code: error.code,
    requestId: id,
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.field !== undefined && { field: error.field }),
  }
}

/** Answers with a problem a request of which nothing was answered yet. */
export type SendProblem = (thrown: unknown, req: IncomingMessage, res: ServerResponse) => void

/** @param limits of what is still to come of a body that is refused */
export const problemSender =
  (limits: ArrivalLimits): SendProblem =>
  (thrown, req, res) => {
    const problem = tellProblem(thrown, contextOf(req))
    if (problem.code === 'REQUEST_TIMEOUT') res.setHeader('Connection', 'close')
    leaveBody(req, res, limits)
    if (passesSoon(problem)) res.setHeader('Retry-After', '1')
    const body = Buffer.from(JSON.stringify(problem))
    res.setHeader('Content-Type', 'application/problem+json; charset=utf-8')
    res.setHeader('Content-Length', body.length)
    res.statusCode = problem.status
    res.end(body)
  }

/** The one place where a request that failed in the app gets its answer. */
export const answerProblem =
  (send: SendProblem): ErrorRequestHandler =>
  (thrown: unknown, req, res, next) => {
    // Nobody is there to be answered.
    if (res.destroyed) return
    if (res.headersSent) {
      tellProblem(thrown, contextOf(req))
      next(thrown)
      return
    }
    send(thrown, req, res)
  }

/** What may be otherwise in a second. (Who came too often is told by the limit how long that takes.) */
const passesSoon = ({ status, code }: Api<'Problem'>): boolean =>
  status === 503 || code === 'IDEMPOTENCY_KEY_IN_USE'

const codes: Readonly<Record<number, ErrorCode | undefined>> = {
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
}

/** Express and its parsers mark what the client did wrong with a status of 4xx. */
function fromHttpError(thrown: unknown): KindredError | undefined {
  if (!(thrown instanceof Error) || thrown instanceof KindredError) return undefined
  if (!('status' in thrown) || typeof thrown.status !== 'number') return undefined
  if (thrown.status < 400 || thrown.status > 499) return undefined
  return new KindredError(codes[thrown.status] ?? 'INVALID_REQUEST', thrown.message, { cause: thrown })
}
