import type { RequestHandler } from 'express'
import type { Config } from '../../config.js'
import { KindredError } from '../../errors.js'
import { callerOf } from './caller.js'
import { unauthorized, wholeServer } from './refusal.js'

/** Who may read pages that are no operation of the contract; see the settings docsAccess and metricsAccess. */
type Readers = Config['docsAccess' | 'metricsAccess']

/**
 * Stands before such pages. Where they are off there is nothing, for anyone.
 *
 * @param options.limitedKeys whether a key that is limited to collections is enough
 */
export function gate(readers: Readers, options: { readonly limitedKeys: boolean }): RequestHandler {
  return (req, res, next) => {
    if (readers === 'off')
      throw new KindredError('NOT_FOUND', `There is nothing at ${req.originalUrl.split('?', 1)[0] ?? ''}`)
    const caller = callerOf(req)
    if (readers === 'keys') {
      if (caller.kind === 'stranger') throw unauthorized(res, caller)
      if (caller.kind === 'key' && caller.key.collections !== null && !options.limitedKeys) {
        throw wholeServer(caller.key)
      }
    }
    next()
  }
}
