import { describe, expect, it } from 'vitest'
import {
  checkCollectionName,
  checkContentHash,
  checkGroup,
  checkItemId,
} from '../../src/collections/names.js'

describe('item ids', () => {
  it.each(['a', 'folder/picture 1.jpg', '\u{1f600}', 'é'.repeat(256), '...', 'a'.repeat(512)])(
    'accept %s',
    (id) => {
      expect(() => {
        checkItemId(id)
      }).not.toThrow()
    },
  )

  it.each(['', '.', '..', 'a\nb', 'a\u007f', 'a\u0085', '\ud800', 'é'.repeat(257), 'a'.repeat(513)])(
    'refuse %j',
    (id) => {
      expect(() => {
        checkItemId(id)
      }).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    },
  )
})

it.each(['', 'A', '-a', '_a', 'a b', 'a/b', 'a'.repeat(64)])(
  'refuses %j as the name of a collection',
  (name) => {
    expect(() => {
      checkCollectionName(name)
    }).toThrow(/collection name/)
  },
)

it('takes null for group and content hash, and refuses what is neither', () => {
  checkGroup(null)
  checkContentHash(null)
  checkContentHash('0'.repeat(64))
  expect(() => {
    checkGroup('')
  }).toThrow(/group/)
  expect(() => {
    checkContentHash('XYZ')
  }).toThrow(/SHA-256/)
})
