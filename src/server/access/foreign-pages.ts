import type { RequestHandler } from 'express'
import { KindredError } from '../../errors.js'
import { callerOf } from './caller.js'
import { namesThisMachine } from './loopback.js'

/**
 * Without keys every program of this machine may do everything, but not every web page that its browser shows: a page could post
 * forms here, or have its own name lead to 127.0.0.1 (DNS rebinding). The first tells its Origin, the second its Host.
 *
 * @param origins of pages that may
 */
export function refuseForeignPages(origins: readonly string[]): RequestHandler {
  return (req, _res, next) => {
    if (callerOf(req).kind === 'anyone') {
      const { host, origin } = req.headers
      if (host !== undefined && !namesThisMachine(host)) {
        throw foreign(`A server without API keys answers only as localhost, not as ${host}`)
      }
      if (origin !== undefined && origin !== `${req.protocol}://${host ?? ''}` && !origins.includes(origin)) {
        throw foreign(`A server without API keys takes no requests of web pages from ${origin}`)
      }
    }
    next()
  }
}

const foreign = (message: string): KindredError =>
  new KindredError('FORBIDDEN', message, { hint: 'Make a key: kindred keys create --scope search' })
