import cors from 'cors'
import type { Layer } from '../requests/layer.js'
import { readOrigins } from './origins.js'

/** Headers that a web page of another origin may read. */
const exposed = [
  'X-Request-Id',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'ETag',
  'Location',
  'Idempotent-Replayed',
]
/** How long browsers may remember that they may ask. */
const preflightSeconds = 600

/**
 * Lets web pages of other origins read answers; no layer where none may.
 *
 * @param setting corsOrigins
 * @throws KindredError INVALID_SETTING
 */
export function crossOrigin(setting: string): Layer[] {
  const origins = readOrigins(setting)
  return origins.length === 0
    ? []
    : [cors({ origin: origins, exposedHeaders: exposed, maxAge: preflightSeconds })]
}
