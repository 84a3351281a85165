import fc from 'fast-check'
import type { FieldType } from '../../../../src/collections/collection.js'
import type { Metadata } from '../../../../src/collections/item.js'

/** Small worlds of values, so that filters hit often; with texts that UTF-16 and code points order differently. */
const texts = ['', 'a', 'ab', 'b', 'B', 'é', '\u{ff01}', '\u{1f600}', '\u{1f600}x', "o'; --", '%', '\u{0}']
const numbers = [-1.5, 0, 1, 2, 10, 1e300]
const dates = [
  '2024-01-01',
  '2024-01-01T00:00:00Z',
  '2024-01-01T01:00:00+01:00',
  '2023-12-31T23:59:59.500-00:00',
  '2024-02-29T12:00:00.25Z',
  '0099-06-01',
]

export const fieldTypes = {
  colour: 'string',
  price: 'number',
  sold: 'boolean',
  added: 'date',
} as const satisfies Record<string, FieldType>

const values = {
  colour: fc.constantFrom(...texts),
  price: fc.constantFrom(...numbers),
  sold: fc.boolean(),
  added: fc.constantFrom(...dates),
}
const valueOf = (field: keyof typeof values) => {
  const one: fc.Arbitrary<string | number | boolean> = values[field]
  return fc.oneof({ weight: 3, arbitrary: one }, fc.constant(null), fc.array(one, { maxLength: 3 }))
}

export const metadataArbitrary: fc.Arbitrary<Metadata> = fc.record(
  { colour: valueOf('colour'), price: valueOf('price'), sold: valueOf('sold'), added: valueOf('added') },
  { requiredKeys: [] },
)

const scalar = fc.oneof(values.colour, values.price, values.sold)
const ordered = fc.oneof(values.colour, values.price)
/** Tests of a field with operands of any type; a date field takes no other texts than dates. */
const operators = (equal: fc.Arbitrary<unknown>, compared: fc.Arbitrary<unknown>) =>
  fc.oneof(
    fc.record({ eq: equal }),
    fc.record({ ne: equal }),
    fc.record({ in: fc.array(equal, { maxLength: 3 }) }),
    fc.record({ nin: fc.array(equal, { maxLength: 3 }) }),
    fc.record({ lt: compared }),
    fc.record({ lte: compared }),
    fc.record({ gt: compared }),
    fc.record({ gte: compared }),
    fc.record({ gte: compared, lt: compared }),
    fc.record({ exists: fc.boolean() }),
  )
const prefix = fc.record({ prefix: values.colour })
const fieldTest = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('colour', 'price', 'sold', 'unknown'),
      fc.oneof(operators(scalar, ordered), prefix),
    )
    .map(([field, tests]) => ({ [field]: tests })),
  operators(fc.oneof(values.added, values.price), fc.oneof(values.added, values.price)).map((tests) => ({
    added: tests,
  })),
)

export const filterArbitrary: fc.Arbitrary<Record<string, unknown>> = fc.letrec<{
  filter: Record<string, unknown>
}>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fieldTest,
    fc.tuple(fieldTest, fieldTest).map(([one, other]) => ({ ...one, ...other })),
    fc.record({ and: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ not: tie('filter') }),
    fc.constant({}),
  ),
})).filter
