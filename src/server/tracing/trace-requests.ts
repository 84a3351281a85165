import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { RequestHandler } from 'express'
import { operationOf } from '../requests/operation-of.js'

/**
 * Makes a span of every request, below that of whoever asked (W3C traceparent), and what the request does its children.
 * Names and attributes are those of the semantic conventions for HTTP servers; neither query, headers nor bodies are in it.
 * Costs next to nothing where no tracing was started.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export const traceRequests: RequestHandler = (req, res, next) => {
  const asked = propagation.extract(ROOT_CONTEXT, req.headers)
  const attributes = { 'http.request.method': req.method, 'url.path': req.path, 'url.scheme': req.protocol }
  const span = trace.getTracer('kindred').startSpan(req.method, { kind: SpanKind.SERVER, attributes }, asked)
  res.once('close', () => {
    const operation = operationOf(req)
    if (operation !== undefined) {
      span.updateName(`${req.method} ${operation.path}`)
      span.setAttributes({ 'http.route': operation.path, 'kindred.operation': operation.id })
    }
    if (res.headersSent) span.setAttribute('http.response.status_code', res.statusCode)
    if (!res.writableFinished) span.setAttribute('error.type', 'aborted')
    if (res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  })
  context.with(trace.setSpan(asked, span), next)
}

/** Makes a span, in the request that is being worked for, of a stage that has just ended. */
export function traceStage(stage: string, milliseconds: number): void {
  const now = Date.now()
  trace
    .getTracer('kindred')
    .startSpan(stage, { startTime: now - milliseconds })
    .end(now)
}
