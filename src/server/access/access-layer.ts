import { Router, type Express } from 'express'
import type { CollectionStore } from '../../collections/collection-store.js'
import type { Config } from '../../config.js'
import { createAuthorize, type Authorize } from './authorize.js'
import { refuseForeignPages } from './foreign-pages.js'
import { gate } from './gate.js'
import { identify, type KnownKeys } from './identify.js'
import { readOrigins } from './origins.js'
import { limitByAddress, limitByKey } from './rate-limits.js'
import { trustProxy } from './trust-proxy.js'

/**
 * Puts in front of an app all that a request passes before it reaches an operation, in this order: how
 * often its address asks, who sends it, how often that key asks, and the doors of the pages that are no operations.
 *
 * @returns the check for each operation
 * @throws KindredError INVALID_SETTING
 */
export function installAccess(
  app: Express,
  { config, keys, store }: { config: Config; keys: KnownKeys; store: Pick<CollectionStore, 'listAliases'> },
): Authorize {
  const origins = readOrigins(config.corsOrigins)
  trustProxy(app, config.trustProxy)
  const router = Router()
  router.use(limitByAddress(config))
  router.use(identify(keys))
  router.use(limitByKey(config))
  router.use(refuseForeignPages(origins))
  router.use('/docs', gate(config.docsAccess, { limitedKeys: true }))
  router.use('/metrics', gate(config.metricsAccess, { limitedKeys: false }))
  app.use(router)
  return createAuthorize(store, keys)
}
