import fc from 'fast-check'
import { expect, it } from 'vitest'
import { entityTag, readEntityTags } from '../../../src/server/requests/entity-tags.js'

/** What may stand in an entity tag (RFC 9110): anything printable but a double quote, commas too. */
const tag = fc.string({ unit: fc.constantFrom(...Array.from('!#,*/W\\abc09-_~é')), maxLength: 12 })
const tags = fc.array(fc.record({ tag, weak: fc.boolean() }), { minLength: 1, maxLength: 5 })
const space = fc.constantFrom('', ' ', '\t')

it('reads every tag of a list, however it is spaced', () => {
  fc.assert(
    fc.property(tags, space, space, (list, before, after) => {
      const written = list.map((one) => `${one.weak ? 'W/' : ''}${entityTag(one.tag)}`)
      expect(readEntityTags(written.join(`${before},${after}`))).toEqual(list)
    }),
  )
})

it('tells any state from a tag that is a star', () => {
  expect(readEntityTags(' * ')).toBe('*')
  expect(readEntityTags('"*"')).toEqual([{ tag: '*', weak: false }])
})
