import type { Request, RequestHandler } from 'express'
import { rateLimit } from 'express-rate-limit'
import type { Config } from '../../config.js'
import { KindredError } from '../../errors.js'
import { keyIdOf } from './caller.js'
import { addressOf } from './client-address.js'

type Limits = Pick<Config, 'rateLimitPerAddress' | 'rateLimitPerKey' | 'rateLimitSeconds'>

/** Counts the requests of each address. */
export const limitByAddress = (limits: Limits): RequestHandler =>
  limiter('address', limits.rateLimitPerAddress, limits.rateLimitSeconds, addressOf)

/** Counts the requests with each key, wherever they come from; `identify` comes first. */
export const limitByKey = (limits: Limits): RequestHandler =>
  limiter('key', limits.rateLimitPerKey, limits.rateLimitSeconds, keyIdOf)

/**
 * Those who watch over the server are never counted, with a key or without.
 *
 * @param limit 0 for none
 * @param whose who a request counts for; undefined where it is not counted
 */
function limiter(
  name: string,
  limit: number,
  seconds: number,
  whose: (req: Request) => string | undefined,
): RequestHandler {
  if (limit === 0) {
    return (_req, _res, next) => {
      next()
    }
  }
  const counted = (req: Request) => (req.path.startsWith('/health/') ? undefined : whose(req))
  return rateLimit({
    windowMs: seconds * 1000,
    limit,
    identifier: name,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    skip: (req) => counted(req) === undefined,
    keyGenerator: (req) => counted(req) ?? '',
    // It has set Retry-After by now.
    handler: (_req, _res, next) => {
      next(new KindredError('RATE_LIMITED', `More than ${limit} requests of one ${name} within ${seconds} s`))
    },
  })
}
