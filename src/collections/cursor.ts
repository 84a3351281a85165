import { KindredError } from '../errors.js'

const version = 1
const longest = 4096

/**
 * An opaque cursor: where a listing goes on.
 *
 * @param scope what the listing is of; a cursor of another listing is refused
 * @param after the last key of the page before
 */
export function encodeCursor(scope: string, after: string): string {
  return Buffer.from(JSON.stringify([version, scope, after])).toString('base64url')
}

/** @returns the key to go on after @throws KindredError INVALID_CURSOR */
export function decodeCursor(cursor: string, scope: string): string {
  const parts = parse(cursor)
  if (!Array.isArray(parts) || parts.length !== 3) throw invalidCursor('It is not a cursor of this server.')
  const [theirVersion, theirScope, after] = parts as unknown[]
  if (theirVersion !== version) throw invalidCursor('It was made by another version.')
  if (theirScope !== scope) throw invalidCursor('It belongs to another listing.')
  if (typeof after !== 'string') throw invalidCursor('It is not a cursor of this server.')
  return after
}

function parse(cursor: string): unknown {
  if (typeof cursor !== 'string' || cursor.length > longest || !/^[A-Za-z0-9_-]+$/.test(cursor)) return null
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}

/** @param why a sentence */
export const invalidCursor = (why: string): KindredError =>
  new KindredError('INVALID_CURSOR', `The cursor cannot be used. ${why}`, {
    hint: 'Start the listing again without a cursor.',
  })
