import { readRfc3339 } from '../collections/rfc3339.js'
import { expected } from '../errors.js'

const hours = { h: 1, d: 24 } as const

/**
 * Reads when something expires: `12h`, `90d` from now, or a moment of RFC 3339 (a date is its first moment in UTC).
 *
 * @param now milliseconds since 1970
 * @returns RFC 3339 in UTC
 * @throws KindredError INVALID_ARGUMENT, also for what is past
 */
export function readExpiry(text: string, now: number): string {
  const [, count, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? []
  const moment = readRfc3339(text)
  const at =
    unit === 'h' || unit === 'd'
      ? now + Number(count) * hours[unit] * 3_600_000
      : moment === null
        ? Number.NaN
        : moment.seconds * 1000
  // Not a number, too, is not later.
  if (!(at > now)) throw expected('a time to come such as 12h, 90d or 2030-01-31', '--expires', text)
  return new Date(at).toISOString()
}
