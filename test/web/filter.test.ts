import { expect, it } from 'vitest'
import { toggleValue, withCondition } from '../../src/web/state/filter.js'

it('a value is put among those of its field, and taken out of them', () => {
  const one = toggleValue({}, 'colour', 'red')
  expect(one).toEqual({ colour: { in: ['red'] } })
  const two = toggleValue(one, 'colour', 'blue')
  expect(two).toEqual({ colour: { in: ['red', 'blue'] } })
  expect(toggleValue(two, 'colour', 'red')).toEqual({ colour: { in: ['blue'] } })
  expect(toggleValue(one, 'colour', 'red')).toEqual({})
})

it('a value is that of its type: 5 is not "5"', () => {
  expect(toggleValue({ size: { in: ['5'] } }, 'size', 5)).toEqual({ size: { in: ['5', 5] } })
})

it('a condition is set and taken away without touching those of other fields', () => {
  const filter = { colour: { in: ['red'] } }
  const priced = withCondition(filter, 'price', { gte: 5 })
  expect(priced).toEqual({ ...filter, price: { gte: 5 } })
  expect(withCondition(priced, 'price', null)).toEqual(filter)
  expect(withCondition(priced, 'price', {})).toEqual(filter)
})
