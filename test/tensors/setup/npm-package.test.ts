import { expect, it } from 'vitest'
import { modernised } from '../../../src/tensors/setup/npm-package.js'

it('replaces the calls that newer versions of Node no longer have by what they did', () => {
  const source = 'return (0, util_1.isNullOrUndefined)(value) || (0, util_1.isArray)(value)'
  const body = modernised(source)
  expect(body).not.toContain('util_1')
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the replaced text is code, and is run to see that it works
  const check = new Function('value', body) as (value: unknown) => boolean
  expect([null, undefined, [], 0, ''].map(check)).toEqual([true, true, true, false, false])
})
