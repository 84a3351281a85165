import fc from 'fast-check'

/** Pairs with few scores, so that equal ones are common, and with many. */
export const anyPairs = fc.array(
  fc.record({
    score: fc.oneof(fc.constantFrom(-1, 0, 0.25, 0.5, 1), fc.double({ min: -1, max: 1, noNaN: true })),
    same: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
)
