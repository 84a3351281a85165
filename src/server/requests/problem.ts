import type { ErrorRequestHandler } from 'express'
import { KindredError, toKindredError, type ErrorCode } from '../../errors.js'
import type { Api } from '../contract/operation-types.js'
import { InvalidFieldError } from '../invalid-field.js'
import { contextOf } from './request-context.js'

/** An error as RFC 9457 tells it. Of what went wrong inside the server, only the code is told. */
export function toProblem(error: KindredError, requestId: string): Api<'Problem'> {
  return {
    type: `/docs/errors#${error.code}`,
    title: error.title,
    status: error.status,
    detail:
      error.status === 500
        ? 'The server could not answer this request; its log has the details under this request id.'
        : error.message,
    code: error.code,
    requestId,
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error instanceof InvalidFieldError && { field: error.field }),
  }
}

/** The one place where a failed request gets its answer. */
export const answerProblem: ErrorRequestHandler = (thrown: unknown, req, res, next) => {
  const { id, log } = contextOf(req)
  // Nobody is there to be answered.
  if (res.destroyed) return
  const error = fromHttpError(thrown) ?? toKindredError(thrown)
  if (error.status === 500) log.error({ err: error, cause: error.cause }, error.message)
  if (res.headersSent) {
    next(thrown)
    return
  }
  if (error.status === 503) res.setHeader('Retry-After', '1')
  res.status(error.status).type('application/problem+json')
  res.send(JSON.stringify(toProblem(error, id)))
}

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
