import { expect, it } from 'vitest'
import { expected } from '../src/errors.js'

it('says what was received of anything, also where it has no text', () => {
  let deep: unknown[] = []
  for (let level = 0; level < 100_000; level++) deep = [deep]
  expect(expected('a number', 'k', deep).message).toBe(
    'Expected a number for k but received a list of type object',
  )
  expect(expected('a number', 'k', Object.create(null)).message).toBe(
    'Expected a number for k but received an object of type object',
  )
  expect(expected('a number', 'k', [1, 2]).message).toContain('received 1,2 of type object')
})
