import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Metadata } from '../../../../src/collections/item.js'
import { BitSet } from '../../../../src/collections/embedded/filter/bit-set.js'
import { MatchingItems } from '../../../../src/collections/embedded/filter/matching-items.js'
import { valuesOf } from '../../../../src/collections/embedded/filter/stored-value.js'
import { ItemRows } from '../../../../src/collections/embedded/item-rows.js'
import { ItemWriter } from '../../../../src/collections/embedded/item-writer.js'
import { itemsSchema } from '../../../../src/collections/embedded/items-schema.js'
import { openDatabase } from '../../../../src/collections/embedded/versioned-database.js'
import { parseFilter } from '../../../../src/collections/filter/parse-filter.js'
import { collectionFolder } from '../support/collection-folder.js'
import { unit } from '../support/fixtures.js'
import { fieldTypes, filterArbitrary, metadataArbitrary } from './arbitraries.js'
import { plainlyMatches } from './plain-filter.js'

async function openItems(fields: typeof fieldTypes | Record<string, never> = fieldTypes) {
  const folder = await collectionFolder({ model: null, dimensions: 2, fields })
  const database = openDatabase(path.join(folder, 'items.db'), itemsSchema)
  const rows = new ItemRows(database, 2)
  const writer = new ItemWriter(database, rows)
  const matching = new MatchingItems(database)
  return {
    database,
    writer,
    put: (id: string, metadata: Metadata, embedding = unit(1, 0)) => {
      writer.put([{ id, group: null, metadata, contentHash: null }], embedding)
    },
    matches: (filter: unknown) => matching.of(parseFilter(filter), writer.fields, writer.generation),
    ids: (filter: unknown): string[] => {
      const { items } = matching.of(parseFilter(filter), writer.fields, writer.generation)
      const numbers = items.values()
      return numbers.map((number) =>
        String(database.prepare('SELECT id FROM items WHERE number = ?').pluck().get(number)),
      )
    },
  }
}

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const change = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), id, metadata: metadataArbitrary }),
  fc.record({ kind: fc.constant('patch' as const), id, metadata: metadataArbitrary }),
  fc.record({ kind: fc.constant('delete' as const), id }),
)

describe('against a plain reading of the grammar', () => {
  it(
    'finds what matches, over random metadata, puts, patches, deletes and filters',
    { timeout: 120_000 },
    async () => {
      const { writer, put, ids, matches, database } = await openItems()
      const truth = new Map<string, Metadata>()
      fc.assert(
        fc.property(
          fc.array(change, { maxLength: 8 }),
          fc.array(filterArbitrary, { minLength: 8, maxLength: 8 }),
          (changes, filters) => {
            for (const next of changes) {
              if (next.kind === 'put') {
                put(next.id, next.metadata)
                truth.set(next.id, next.metadata)
              } else if (next.kind === 'delete') {
                writer.delete([next.id])
                truth.delete(next.id)
              } else if (truth.has(next.id)) {
                truth.set(next.id, writer.patch(next.id, { metadata: next.metadata }).metadata)
              }
            }
            put('always', {})
            truth.set('always', {})
            for (const filter of filters) {
              const expected = [...truth].filter(([, metadata]) =>
                plainlyMatches(filter, metadata, fieldTypes),
              )
              expect(ids(filter).sort(), JSON.stringify(filter)).toEqual(expected.map(([one]) => one).sort())
              expect(matches(filter).items.size).toBe(expected.length)
            }
          },
        ),
        { numRuns: 300, seed: 11 },
      )
      const wanted = [...truth.values()].reduce(
        (sum, metadata) => sum + valuesOf(metadata, new Map(Object.entries(fieldTypes))).length,
        0,
      )
      expect(database.prepare('SELECT count(*) FROM item_values').pluck().get()).toBe(wanted)
      database.close()
    },
  )
})

describe('a filter on items', () => {
  it('tells an empty array from no field, and both from a value', async () => {
    const { put, ids, database } = await openItems()
    put('empty', { colour: [], price: [] })
    put('null', { colour: null })
    put('none', {})
    put('full', { colour: ['a'], price: [5] })
    expect(ids({ colour: { exists: true } })).toEqual(['empty', 'full'])
    expect(ids({ colour: { exists: false } })).toEqual(['null', 'none'])
    expect(ids({ colour: { gte: '' } })).toEqual(['full'])
    expect(ids({ colour: { prefix: '' } })).toEqual(['full'])
    expect(ids({ price: { gt: -1 } })).toEqual(['full'])
    expect(ids({ colour: { ne: 'a' } })).toEqual(['empty', 'null', 'none'])
    database.close()
  })

  it('takes a prefix by code points, up to the last there is', async () => {
    const { put, ids, database } = await openItems()
    for (const colour of ['\ud7ff', '\ud7ffz', '\ue000', '\u{10ffff}', '\u{10ffff}a', 'a\u{10ffff}b', 'b']) {
      put(colour, { colour })
    }
    expect(ids({ colour: { prefix: '\ud7ff' } })).toEqual(['\ud7ff', '\ud7ffz'])
    expect(ids({ colour: { prefix: '\u{10ffff}' } })).toEqual(['\u{10ffff}', '\u{10ffff}a'])
    expect(ids({ colour: { prefix: 'a\u{10ffff}' } })).toEqual(['a\u{10ffff}b'])
    database.close()
  })

  it('refuses a text that is no date on a date field, and says where', async () => {
    const { ids, database } = await openItems()
    const invalid = (message: RegExp): Error =>
      expect.objectContaining({
        code: 'INVALID_FILTER',
        message: expect.stringMatching(message) as string,
      }) as Error
    expect(() => ids({ and: [{ added: { lt: 'yesterday' } }] })).toThrow(
      invalid(/RFC 3339 date for filter\.and\.0\.added\.lt but received "yesterday"/),
    )
    expect(() => ids({ added: { in: ['2024-01-01', 'x'] } })).toThrow(invalid(/filter\.added\.in/))
    expect(() => ids({ added: { prefix: '2024' } })).toThrow(invalid(/filter\.added\.prefix/))
    database.close()
  })

  it('of the largest size allowed is answered', async () => {
    const { put, ids, database } = await openItems()
    put('a', { price: 7 })
    const many = Array.from({ length: 5000 }, (_, i) => ({ price: { eq: i } }))
    expect(ids({ or: many })).toEqual(['a'])
    expect(ids({ and: Array.from({ length: 5000 }, (_, i) => ({ price: { ne: i + 8 } })) })).toEqual(['a'])
    expect(ids({ price: { in: Array.from({ length: 10_000 }, (_, i) => i) } })).toEqual(['a'])
    let deep: object = { price: { eq: 7 } }
    for (let level = 1; level < 60; level++) deep = { not: { and: [{ price: { ne: 1 } }, deep] } }
    expect(() => ids(deep)).toThrow(/64 deep/)
    database.close()
  })

  it('follows the type that the first value gave a field', async () => {
    const { put, ids, database } = await openItems({})
    put('a', { made: '2024-01-01', count: 5 })
    expect(ids({ made: { prefix: '2024' } })).toEqual(['a'])
    expect(ids({ made: { eq: '2024-01-01T00:00:00Z' } })).toEqual([])
    expect(ids({ count: { eq: '5' } })).toEqual([])
    expect(ids({ count: { eq: 5 } })).toEqual(['a'])
    database.close()
  })

  it('counts items that share an embedding each, and the embedding once', async () => {
    const { put, matches, database } = await openItems()
    put('a', { price: 1 })
    put('b', { price: 1 })
    put('c', { price: 1 }, unit(0, 1))
    const { items, labels } = matches({ price: { eq: 1 } })
    expect([items.size, labels.size]).toEqual([3, 2])
    database.close()
  })
})

it('a set of bits holds what was added, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5000 })), (values) => {
      const set = new BitSet()
      for (const value of values) set.add(value)
      expect(set.values()).toEqual([...new Set(values)].sort((a, b) => a - b))
      expect(set.size).toBe(new Set(values).size)
      for (let value = 0; value < 100; value++) expect(set.has(value)).toBe(values.includes(value))
    }),
  )
})
