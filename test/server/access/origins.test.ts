import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readOrigins } from '../../../src/server/access/origins.js'
import { unlessRefused } from '../../support/only-refuses.js'

describe('the origins that may call', () => {
  it('are each a whole origin and nothing else, whatever the setting', () => {
    const part = fc.oneof(
      fc.webUrl(),
      fc.webAuthority().map((host) => `https://${host}`),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
        const origins = unlessRefused('INVALID_SETTING', () => readOrigins(parts.join(',')))
        for (const origin of origins ?? []) {
          expect(new URL(origin).origin).toBe(origin)
          expect(origin).not.toContain('*')
        }
      }),
    )
  })

  it('come back as they were written', () => {
    const origin = fc.domain().map((host) => `https://${host}`)
    fc.assert(
      fc.property(fc.uniqueArray(origin, { minLength: 1, maxLength: 5 }), (origins) => {
        expect(readOrigins(origins.join(' , '))).toEqual(origins)
      }),
    )
  })
})
