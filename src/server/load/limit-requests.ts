import type { Request, RequestHandler } from 'express'
import { KindredError } from '../../errors.js'
import { keyIdOf } from '../access/caller.js'
import { addressOf } from '../access/client-address.js'
import { limitShare } from './limit-share.js'

/** How many requests of each kind may be under way. */
interface RequestLimits {
  readonly maxRequests: number
  /** Of one client, with a body; 0 for no limit. */
  readonly maxRequestsPerClient: number
}

/**
 * Bounds the requests that are being received or answered, those with a body apart from those without: a flood of
 * uploads keeps nobody from reading, and the uploads of one client nobody else from sending. Health and metrics are never
 * refused. `identify` comes first.
 */
export function limitRequests({ maxRequests: most, maxRequestsPerClient }: RequestLimits): RequestHandler {
  const open = { withBody: 0, withoutBody: 0 }
  const share = limitShare(maxRequestsPerClient)
  return (req, res, next) => {
    if (isAboutTheServer(req)) {
      next()
      return
    }
    const kind = hasBody(req) ? 'withBody' : 'withoutBody'
    if (open[kind] >= most) {
      throw new KindredError('OVERLOADED', `${open[kind]} requests are under way, and ${most} may be`)
    }
    const release = kind === 'withBody' ? share({ key: keyIdOf(req), address: addressOf(req) }) : undefined
    open[kind]++
    res.once('close', () => {
      open[kind]--
      release?.()
    })
    next()
  }
}

const isAboutTheServer = ({ path }: Request): boolean => path.startsWith('/health/') || path === '/metrics'

/** RFC 9112 section 6.3: a request has a body where one of these says so. */
export const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
