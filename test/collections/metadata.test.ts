import { describe, expect, it } from 'vitest'
import type { FieldType } from '../../src/collections/collection.js'
import type { Metadata } from '../../src/collections/item.js'
import {
  checkMetadata,
  largestMetadataBytes,
  mergeMetadata,
  mostFields,
  settleTypes,
} from '../../src/collections/metadata.js'

const invalid = (message: RegExp): Error =>
  expect.objectContaining({
    code: 'INVALID_METADATA',
    message: expect.stringMatching(message) as string,
  }) as Error

describe('shape', () => {
  it('takes every type, arrays of one type and null', () => {
    const metadata = { a: 'x', b: 1.5, c: true, d: null, e: ['x', 'y'], f: [1, 2], g: [] }
    expect(checkMetadata(metadata, 'i')).toEqual(metadata)
  })

  it.each([
    ['an object', { a: { b: 1 } }],
    ['NaN', { a: NaN }],
    ['infinity', { a: [Infinity] }],
    ['undefined', { a: undefined }],
    ['an array of two types', { a: [1, 'x'] }],
    ['an array in an array', { a: [['x']] }],
    ['a broken text', { a: '\ud800' }],
    ['a function', { a: () => 1 }],
  ])('refuses %s and names the field', (_what, metadata) => {
    // Only a caller without types can pass these.
    expect(() => checkMetadata(metadata as unknown as Metadata, 'i')).toThrow(invalid(/field a of item i/))
  })

  it('refuses names that cannot be fields', () => {
    for (const name of ['', 'a\n', 'x'.repeat(129)]) {
      expect(() => checkMetadata({ [name]: 1 }, 'i')).toThrow(invalid(/name of a metadata field/))
    }
  })

  it('refuses more bytes than allowed', () => {
    const room = largestMetadataBytes - '{"a":""}'.length
    checkMetadata({ a: 'x'.repeat(room) }, 'i')
    expect(() => checkMetadata({ a: 'x'.repeat(room + 1) }, 'i')).toThrow(invalid(/bytes/))
  })

  it('keeps a field called __proto__ a field', () => {
    const metadata = JSON.parse('{"__proto__": "x"}') as Metadata
    expect(Object.entries(checkMetadata(metadata, 'i'))).toEqual([['__proto__', 'x']])
    expect(Object.entries(mergeMetadata(metadata, metadata))).toEqual([['__proto__', 'x']])
  })
})

describe('types', () => {
  it('are fixed by the first value, which a null and an empty array are not', () => {
    const fields = new Map<string, FieldType>()
    settleTypes(fields, { a: null, b: [] }, 'i')
    expect(fields.size).toBe(0)
    settleTypes(fields, { a: 'x', b: [1] }, 'i')
    expect([...fields]).toEqual([
      ['a', 'string'],
      ['b', 'number'],
    ])
    settleTypes(fields, { a: ['y'], b: 2 }, 'i')
    expect(() => {
      settleTypes(fields, { b: '2' }, 'i')
    }).toThrow(invalid(/a number for metadata field b of item i but received "2" of type string/))
  })

  it('never guess a date', () => {
    const fields = new Map<string, FieldType>()
    settleTypes(fields, { day: '2024-02-29' }, 'i')
    expect(fields.get('day')).toBe('string')
  })

  it.each(['2024-02-29', '2024-02-29T23:59:60Z', '2024-01-01T00:00:00.5+05:30'])(
    'take %s as a date',
    (date) => {
      settleTypes(new Map([['day', 'date' as const]]), { day: date }, 'i')
    },
  )

  it.each(['2023-02-29', '2024-13-01', '2024-01-01T24:00:00Z', '2024-01-01T00:00:00', '1 May', ''])(
    'refuse %j as a date',
    (date) => {
      expect(() => {
        settleTypes(new Map([['day', 'date' as const]]), { day: date }, 'i')
      }).toThrow(invalid(/RFC 3339/))
    },
  )

  it('are kept for so many fields and no more', () => {
    const fields = new Map<string, FieldType>()
    for (let i = 0; i < mostFields; i++) fields.set(`f${i}`, 'number')
    settleTypes(fields, { f0: 1 }, 'i')
    expect(() => {
      settleTypes(fields, { more: 1 }, 'i')
    }).toThrow(invalid(/at most/))
  })
})

it('merges as RFC 7396 does: null removes, arrays are replaced', () => {
  expect(mergeMetadata({ a: 1, b: 'x', c: [1, 2] }, { a: null, c: [3], d: true, e: null })).toEqual({
    b: 'x',
    c: [3],
    d: true,
  })
})
