import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readApiKey, withoutSecrets, writeApiKey } from '../src/api-key-format.js'

const digits = (alphabet: string, length: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength: length, maxLength: length })
const parts = fc.record({
  id: digits('0123456789abcdef', 12),
  secret: digits('ABCXYZabcxyz0189-_', 43),
})

it('reads what it wrote', () => {
  fc.assert(
    fc.property(parts, (key) => {
      expect(readApiKey(writeApiKey(key))).toEqual(key)
    }),
  )
})

it('takes nothing else for a key: cut, longer, or any other text', () => {
  fc.assert(
    fc.property(parts, fc.nat(), fc.string({ minLength: 1 }), (key, at, more) => {
      const text = writeApiKey(key)
      expect(readApiKey(text.slice(0, at % text.length))).toBeNull()
      expect(readApiKey(text + more)).toBeNull()
      expect(readApiKey(more + text)).toBeNull()
      expect(readApiKey(more)).toBeNull()
    }),
  )
})

it('leaves the secret of no key in a text, and the rest of the text as it is', () => {
  fc.assert(
    fc.property(fc.array(parts, { minLength: 1, maxLength: 3 }), fc.string(), (keys, between) => {
      const text = keys.map((key) => `${between} ${writeApiKey(key)} `).join('')
      const told = withoutSecrets(text)
      for (const { id, secret } of keys) {
        expect(told).not.toContain(secret)
        expect(told).toContain(`kindred_${id}_[secret]`)
      }
      expect(told.startsWith(`${between} `)).toBe(true)
    }),
  )
})
