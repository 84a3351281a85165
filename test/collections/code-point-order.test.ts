import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareCodePoints } from '../../src/collections/code-point-order.js'

it('orders strings as their UTF-8 bytes are ordered', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\u{ff01}', '\u{1f600}', '\u{d7ff}', '\u{e000}') })
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }),
  )
})
