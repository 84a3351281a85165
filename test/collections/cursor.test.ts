import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor } from '../../src/collections/cursor.js'

const made = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('cursor', () => {
  it('brings back what it was made of, whatever the key', () => {
    for (const key of ['a', '\u{1f600}/b c', 'x'.repeat(512)]) {
      expect(decodeCursor(encodeCursor('list', key), 'list')).toBe(key)
    }
  })

  it.each([
    ['empty', ''],
    ['not base64url', 'a+b='],
    ['not JSON', Buffer.from('{').toString('base64url')],
    ['another shape', made({ after: 'a' })],
    ['another version', made([2, 'list', 'a'])],
    ['another listing', encodeCursor('other', 'a')],
    ['a key that is no text', made([1, 'list', 5])],
    ['huge', 'a'.repeat(5000)],
  ])('refuses one that is %s', (_what, cursor) => {
    expect(() => decodeCursor(cursor, 'list')).toThrow(expect.objectContaining({ code: 'INVALID_CURSOR' }))
  })
})
