import type { Request, RequestHandler } from 'express'
import { KindredError } from '../../errors.js'

/**
 * Bounds the requests that are being received or answered, those with a body apart from those without: a flood of
 * uploads keeps nobody from reading. Health and metrics are never refused.
 *
 * @param most of each kind
 */
export function limitRequests(most: number): RequestHandler {
  const open = { withBody: 0, withoutBody: 0 }
  return (req, res, next) => {
    if (isAboutTheServer(req)) {
      next()
      return
    }
    const kind = hasBody(req) ? 'withBody' : 'withoutBody'
    if (open[kind] >= most) {
      throw new KindredError('OVERLOADED', `${open[kind]} requests are under way, and ${most} may be`)
    }
    open[kind]++
    res.once('close', () => {
      open[kind]--
    })
    next()
  }
}

const isAboutTheServer = ({ path }: Request): boolean => path.startsWith('/health/') || path === '/metrics'

/** RFC 9112 section 6.3: a request has a body where one of these says so. */
export const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
