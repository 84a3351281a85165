import type { RequestHandler } from 'express'
import { KindredError } from '../../errors.js'

/** What is no operation of the contract. */
const pages = /^\/(metrics|favicon\.ico|docs(\/.*)?|assets\/[^/]+)?$/

/** What the server takes at all, for `OPTIONS *` (RFC 9110 section 9.3.7). */
const everyMethod = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'

/** Before such pages: what else may be asked of them is said, or refused, as it is of operations. */
export const onlyGetPages: RequestHandler = (req, res, next) => {
  if (req.method === 'OPTIONS' && req.url === '*') {
    res.setHeader('Allow', everyMethod)
    res.status(204).end()
    return
  }
  if (!pages.test(req.path) || req.method === 'GET' || req.method === 'HEAD') {
    next()
    return
  }
  res.setHeader('Allow', 'GET, HEAD, OPTIONS')
  if (req.method !== 'OPTIONS') {
    throw new KindredError('METHOD_NOT_ALLOWED', `${req.method} is not one of GET, HEAD`)
  }
  res.status(204).end()
}
