import { expect, it } from 'vitest'
import { expected } from '../src/errors.js'

it('says what was received of anything, also where it has no text', () => {
  let deep: unknown[] = []
  for (let level = 0; level < 100_000; level++) deep = [deep]
  const said = (value: unknown) => expected('a number', 'k', value).message.replace(/^.* but received /, '')
  expect(said(deep)).toBe('[[[[...]]]] of type array')
  expect(said(Object.create(null))).toBe('{} of type object')
  expect(said([])).toBe('[] of type array')
  expect(said([1, 'a', { b: null }])).toBe('[1,"a",{"b":null}] of type array')
  expect(said(null)).toBe('null')
  expect(said(undefined)).toBe('undefined')
  expect(said(new Map())).toBe('[object Map] of type object')
  expect(said(new Array(1_000_000).fill(0))).toBe('[0,0,0,0,0,0,0,0,...] of type array')
  expect(said('x'.repeat(1_000_000))).toBe(`"${'x'.repeat(76)}... of type string`)
})
