import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadContract } from '../../../src/server/contract/contract.js'
import { multipartBody } from '../../../src/server/requests/multipart.js'
import { unlessRefused } from '../../support/only-refuses.js'

const contract = loadContract()
  .operations.find(({ id }) => id === 'search')
  ?.bodies.get('multipart/form-data')
if (contract === undefined) throw new Error('There is no form to search with')

it('options of a form are what the contract takes, or refused, whatever their text', () => {
  const name = fc.constantFrom(
    'k',
    'crop',
    'include',
    'filter',
    'groupBy',
    'minScore',
    'exact',
    '__proto__',
    'image',
  )
  const text = fc.oneof(fc.json(), fc.string(), fc.constantFrom('1', 'metadata', 'NaN', '1e999', '[0,0,1,1]'))
  const value = fc.oneof(text, fc.array(text, { maxLength: 4 }), fc.constant(Object.create(null) as object))
  fc.assert(
    fc.property(fc.dictionary(name, value), (fields) => {
      const body = unlessRefused('INVALID_REQUEST', () =>
        contract.check(multipartBody(fields, contract, [''])),
      )
      if (body === undefined) return
      expect(Object.keys(body as object)).not.toContain('__proto__')
      expect(body).toMatchObject({ image: '', k: expect.any(Number) as number })
    }),
    { numRuns: 500 },
  )
})
