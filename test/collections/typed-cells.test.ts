import { describe, expect, it } from 'vitest'
import { typedCells } from '../../src/collections/typed-cells.js'

describe('cells of a CSV', () => {
  it('take the type that the collection declares, and are text where it declares none', () => {
    const fields = { price: 'number', sold: 'boolean', since: 'date' } as const
    expect(typedCells({ price: '-1.5e2', sold: 'true', since: '2026-01-02', name: '7' }, fields)).toEqual({
      price: -150,
      sold: true,
      since: '2026-01-02',
      name: '7',
    })
  })

  it.each([
    ['number', 'cheap'],
    ['number', ' '],
    ['number', 'Infinity'],
    ['boolean', 'yes'],
  ] as const)('refuse what is no %s: %j', (type, cell) => {
    expect(() => typedCells({ field: cell }, { field: type })).toThrow(/field/)
  })
})
