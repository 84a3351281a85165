import type { RequestHandler } from 'express'
import { KindredError } from '../../errors.js'

/**
 * Refuses what Node would refuse by itself without a word of explanation: a request without a host, or with several
 * (RFC 9112 section 3.2), and one that expects anything but 100-continue (RFC 9110 section 10.1.1).
 */
export const checkHead: RequestHandler = (req, _res, next) => {
  const hosts = req.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length
  const least = req.httpVersion === '1.1' ? 1 : 0
  if (hosts < least || hosts > 1) {
    const said = hosts === 0 ? 'The request has no Host header' : `The request has ${hosts} Host headers`
    throw new KindredError('MALFORMED_REQUEST', `${said}; expected one`)
  }
  const expectation = req.headers.expect
  if (expectation !== undefined && expectation.toLowerCase() !== '100-continue') {
    throw new KindredError('EXPECTATION_FAILED', 'The request expects what this server does not know')
  }
  next()
}
