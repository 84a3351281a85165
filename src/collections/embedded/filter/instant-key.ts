import { readRfc3339 } from '../../rfc3339.js'

/** Moves the year 0 to a positive number of seconds, and every year to the same number of digits. */
const shift = 1e11
const digits = 12

/**
 * A date as a text that sorts as its instant does, however many digits its fraction has; dates that name the same instant
 * have the same.
 *
 * @returns null where it is no RFC 3339 date
 */
export function instantKey(date: string): string | null {
  const read = readRfc3339(date)
  if (read === null) return null
  const fraction = read.fraction.replace(/0+$/, '')
  return `${String(read.seconds + shift).padStart(digits, '0')}${fraction === '' ? '' : `.${fraction}`}`
}

/** The instant of a key as an RFC 3339 date in UTC. */
export function dateOfKey(key: string): string {
  const seconds = Number(key.slice(0, digits)) - shift
  return new Date(seconds * 1000).toISOString().replace('.000Z', `${key.slice(digits)}Z`)
}
