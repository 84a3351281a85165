import { expect, it } from 'vitest'
import { SeenIds } from '../../../src/collections/imports/seen-ids.js'

it('tells the row that had an id first, and what a collection has beyond the source', () => {
  const seen = new SeenIds()
  expect(seen.add('a', 1)).toBeNull()
  expect(seen.add('a', 2)).toBe(1)
  seen.mention('b')
  expect(seen.add('b', 3)).toBeNull()
  expect(seen.add('b', 4)).toBe(3)
  seen.mention('c')
  seen.keepMissing(['a', 'b', 'c', 'x', 'y'])
  seen.keepMissing(['z'])
  expect(seen.missingCount()).toBe(3)
  expect([...seen.missing(2)]).toEqual([['x', 'y'], ['z']])
  seen.clear()
  expect(seen.missingCount()).toBe(0)
  expect(seen.add('a', 9)).toBeNull()
  seen.close()
})
