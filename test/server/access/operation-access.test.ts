import { expect, it } from 'vitest'
import type { OperationDocument } from '../../../src/server/contract/document.js'
import { readOperationAccess } from '../../../src/server/contract/operation-access.js'

const read = (parts: Partial<OperationDocument>, path = '/v1/things') =>
  readOperationAccess(path, { operationId: 'getThings', responses: {}, ...parts })

it('reads the scope that an operation declares, or that it is open', () => {
  expect(read({ security: [{ key: ['write'] }] })).toEqual({ scope: 'write', forLimitedKeys: false })
  expect(read({ security: [] })).toEqual({ scope: null, forLimitedKeys: false })
})

it('lets keys limited to collections in where the path names one, or the contract says so', () => {
  const security = [{ key: ['search'] }]
  expect(read({ security }, '/v1/collections/{collection}').forLimitedKeys).toBe(true)
  expect(read({ security, 'x-limited-keys': true }).forLimitedKeys).toBe(true)
  expect(read({ security, 'x-limited-keys': false }, '/v1/collections/{collection}').forLimitedKeys).toBe(
    false,
  )
})

it('refuses an operation that does not say who may call it, or says it in another way', () => {
  expect(() => read({})).toThrow('openapi.yaml does not say who may call getThings')
  for (const security of [
    [{}],
    [{ key: [] }],
    [{ key: ['root'] }],
    [{ key: ['search', 'write'] }],
    [{ key: ['search'] }, {}],
    [{ other: ['search'] }],
  ]) {
    expect(() => read({ security })).toThrow('other security than one scope')
  }
})
