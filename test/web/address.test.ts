import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressMisfits } from '../../src/web/state/address-misfits.js'
import { home, readAddress, views, writeAddress, type Address } from '../../src/web/state/address.js'

const text = fc.string({ minLength: 1, unit: 'grapheme' })
const example = fc.oneof(
  fc.record({ kind: fc.constant('item' as const), id: text }),
  fc.record({ kind: fc.constant('photo' as const), id: text }),
  fc.record({ kind: fc.constant('url' as const), url: text }),
)
/** Two different shares of a side, the less first. */
const edges = fc
  .uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 2 })
  .map((thousandths) => thousandths.toSorted((a, b) => a - b).map((edge) => edge / 1000))
const bound = fc.oneof(fc.integer(), text)
const condition = fc.oneof(
  fc.record({ in: fc.array(fc.oneof(text, fc.integer(), fc.boolean()), { minLength: 1 }) }),
  fc.record({ gte: bound }),
  fc.record({ gte: bound, lte: bound }),
)
const address: fc.Arbitrary<Address> = fc.record({
  view: fc.constantFrom(...views),
  collection: fc.option(text),
  like: fc.array(example, { maxLength: 4 }),
  unlike: fc.array(example, { maxLength: 4 }),
  crop: fc.option(
    fc.tuple(edges, edges).map(([[x0 = 0, x1 = 1], [y0 = 0, y1 = 1]]) => [x0, y0, x1, y1] as const),
  ),
  filter: fc.dictionary(
    text.filter((name) => name !== '__proto__'),
    condition,
    { maxKeys: 3 },
  ),
  k: fc.integer({ min: 1, max: 1000 }),
  minScore: fc.option(fc.integer({ min: -100, max: 100 }).map((hundredths) => hundredths / 100)),
  groupBy: fc.option(text),
  model: fc.option(text),
})

describe('the address of a state of the page', () => {
  it('leads back to it', () => {
    fc.assert(
      fc.property(address, (state) => {
        expect(readAddress(writeAddress(state))).toEqual(state)
      }),
    )
  })

  it('is empty at first', () => {
    expect(writeAddress(home)).toBe('')
    expect(readAddress('')).toEqual(home)
  })

  it('can be read and written by people where it is simple', () => {
    expect(readAddress('?collection=shop&like=item:boot-1&k=5')).toEqual({
      ...home,
      collection: 'shop',
      like: [{ kind: 'item', id: 'boot-1' }],
      k: 5,
    })
  })

  it('that was garbled on its way is read as far as it makes sense', () => {
    const garbled = [
      '?view=nowhere&k=&min=&crop=0.5,0,0.2,1&filter=%7Bcut&like=boots&like=item:&unlike=thing:x&group=',
      '?k=many&min=much&crop=a&filter=[1]',
      '?filter={"price":{"between":1},"colour":5,"size":null,"sold":{"in":[]},"a":{"in":[{}]}}',
    ]
    for (const search of garbled) expect(readAddress(search)).toEqual(home)
  })

  it('falls back to the nearest number that can be had, and says so', () => {
    expect(readAddress('?k=-3&min=7')).toEqual({ ...home, k: 1, minScore: 1 })
    expect(readAddress('?k=1.6&min=-2')).toEqual({ ...home, k: 2, minScore: -1 })
    expect(addressMisfits('?k=99999&min=7&score=7', 1000)).toEqual([
      'k=99999: 1000 answers',
      'min=7: a score of at least 1',
      'score: left out',
    ])
    expect(addressMisfits('?k=many&min=much', 1000)).toEqual(['k=many: 20 answers', 'min=much: any score'])
    const garbled = '?view=nowhere&crop=0.5,0,0.2,1&filter=%7Bcut&like=item:a&like=boots&unlike=thing:x'
    expect(addressMisfits(garbled, 1000)).toEqual(
      ['view', 'crop', 'filter', 'like', 'unlike'].map((name) => `${name}: left out`),
    )
  })

  it('that the page wrote is had as it stands', () => {
    fc.assert(
      fc.property(address, (state) => {
        expect(addressMisfits(writeAddress(state), 1000)).toEqual([])
      }),
    )
  })
})
