import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unlessRefused } from '../support/only-refuses.js'
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

describe('a cursor of any text', () => {
  it('brings back what it was made of, and only to the listing that it is of', () => {
    const texts = [fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.string()] as const
    fc.assert(
      fc.property(...texts, (scope, after, other) => {
        const cursor = encodeCursor(scope, after)
        fc.pre(cursor.length <= 4096)
        expect(decodeCursor(cursor, scope)).toBe(after)
        if (other !== scope) {
          expect(unlessRefused('INVALID_CURSOR', () => decodeCursor(cursor, other))).toBeUndefined()
        }
      }),
    )
  })

  it('that nobody made is refused as a cursor, whatever it holds', () => {
    const held = fc.json().map((json) => Buffer.from(json).toString('base64url'))
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), held), (cursor) => {
        const after = unlessRefused('INVALID_CURSOR', () => decodeCursor(cursor, 'list'))
        expect([undefined, 'string']).toContain(typeof after === 'string' ? 'string' : after)
      }),
    )
  })
})
