import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unlessRefused } from '../../support/only-refuses.js'
import { constrainsNothing, parseFilter } from '../../../src/collections/filter/parse-filter.js'

const refusal = (message: RegExp): Error =>
  expect.objectContaining({
    code: 'INVALID_FILTER',
    message: expect.stringMatching(message) as string,
  }) as Error

describe('a filter', () => {
  it('ANDs its keys and reduces negated operators to their opposites', () => {
    const parsed = parseFilter({ colour: { in: ['red', 'blue'], ne: 'red' }, size: { exists: false } })
    expect(parsed).toEqual({
      kind: 'and',
      of: [
        {
          kind: 'and',
          of: [
            { kind: 'equals', field: 'colour', place: 'filter.colour.in', values: ['red', 'blue'] },
            {
              kind: 'not',
              of: { kind: 'equals', field: 'colour', place: 'filter.colour.ne', values: ['red'] },
            },
          ],
        },
        { kind: 'not', of: { kind: 'exists', field: 'size', place: 'filter.size.exists' } },
      ],
    })
  })

  it('may name any field, also one of Object.prototype', () => {
    const filter: unknown = JSON.parse('{"__proto__": {"eq": 1}, "constructor": {"eq": 2}}')
    expect(parseFilter(filter)).toMatchObject({ of: [{ field: '__proto__' }, { field: 'constructor' }] })
  })
})

describe('what a filter may not be, and where', () => {
  it.each<[string, unknown, RegExp]>([
    ['no object', 'red', /Expected an object for filter but received "red"/],
    ['null', null, /an object for filter/],
    ['an array', [], /Expected an object for filter but received \[\] of type array/],
    [
      'a field without an operator',
      { colour: {} },
      /operator for filter\.colour but received {} of type object/,
    ],
    ['a bare value', { colour: 'red' }, /an object with an operator for filter\.colour but received "red"/],
    ['an unknown operator', { price: { above: 5 } }, /one of eq, ne, .* "above", at filter\.price\.above/],
    ['an operator of Object.prototype', { price: { toString: 5 } }, /filter\.price\.toString/],
    ['and of an object', { and: {} }, /an array of filters for filter\.and/],
    ['or of a value', { or: [{ a: { eq: 1 } }, 5] }, /an object for filter\.or\.1/],
    ['not of an array', { not: [] }, /an object for filter\.not/],
    ['eq of null', { a: { eq: null } }, /filter\.a\.eq but received null/],
    ['eq of an array', { a: { eq: [1] } }, /filter\.a\.eq/],
    ['a number that is not finite', { a: { eq: NaN } }, /filter\.a\.eq/],
    ['in of a value', { a: { in: 'x' } }, /an array of values for filter\.a\.in/],
    ['in of an object', { a: { in: ['x', {}] } }, /filter\.a\.in\.1/],
    ['lt of a boolean', { a: { lt: true } }, /a number, a text or a date for filter\.a\.lt/],
    ['exists of a text', { a: { exists: 'yes' } }, /true or false for filter\.a\.exists/],
    ['prefix of a number', { a: { prefix: 5 } }, /a text for filter\.a\.prefix/],
    ['half a character', { a: { prefix: '\ud83d' } }, /filter\.a\.prefix is not valid Unicode/],
    [
      'a mistake far inside',
      { and: [{ not: { or: [{ a: { x: 1 } }] } }] },
      /filter\.and\.0\.not\.or\.0\.a\.x/,
    ],
  ])('%s', (_what, filter, message) => {
    expect(() => parseFilter(filter)).toThrow(refusal(message))
  })

  it('deeper or larger than allowed', () => {
    const limits = { depth: 3, terms: 4 }
    const nested = (levels: number): unknown => (levels === 1 ? {} : { not: nested(levels - 1) })
    parseFilter(nested(3), limits)
    expect(() => parseFilter(nested(4), limits)).toThrow(
      refusal(/more than 3 deep, at filter\.not\.not\.not/),
    )
    expect(() => parseFilter(nested(100_000 / 100))).toThrow(refusal(/more than 64 deep/))
    parseFilter({ a: { in: [1, 2, 3] }, b: { eq: 1 } }, limits)
    expect(() => parseFilter({ a: { in: [1, 2, 3] }, b: { eq: 1, ne: 2 } }, limits)).toThrow(
      refusal(/more than 4 operands, at filter\.b\.ne/),
    )
  })
})

it.each<[object, boolean]>([
  [{}, true],
  [{ and: [] }, true],
  [{ and: [{}, { and: [{}] }] }, true],
  [{ or: [{ a: { eq: 1 } }, {}] }, true],
  [{ not: { or: [] } }, true],
  [{ a: { nin: [] } }, true],
  [{ or: [] }, false],
  [{ not: {} }, false],
  [{ a: { in: [] } }, false],
  [{ a: { eq: 1 } }, false],
  [{ a: { exists: false } }, false],
])('whether %j says nothing about any field', (filter, nothing) => {
  expect(constrainsNothing(parseFilter(filter))).toBe(nothing)
})

describe('a filter of any JSON', () => {
  const word = fc.constantFrom(
    'and',
    'or',
    'not',
    'eq',
    'in',
    'lt',
    'prefix',
    'exists',
    'colour',
    '__proto__',
  )
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(null, true, '', 'red', 0, -0, 5e-324),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(word, fc.string()), tie('json'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }))

  it('is a tree of what it says, or refused as a filter', () => {
    const kinds = ['and', 'or', 'not', 'equals', 'compares', 'starts', 'exists']
    fc.assert(
      fc.property(json, (filter) => {
        const node = unlessRefused('INVALID_FILTER', () => parseFilter(filter))
        if (node !== undefined) {
          expect(kinds).toContain(node.kind)
          expect(typeof constrainsNothing(node)).toBe('boolean')
        }
      }),
      { numRuns: 500 },
    )
  })
})
