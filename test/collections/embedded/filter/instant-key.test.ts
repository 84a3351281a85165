import { expect, it } from 'vitest'
import { dateOfKey, instantKey } from '../../../../src/collections/embedded/filter/instant-key.js'

it('is the same for the same instant', () => {
  const keys = [
    '2024-01-01',
    '2024-01-01T00:00:00Z',
    '2024-01-01t00:00:00.000z',
    '2024-01-01T05:30:00+05:30',
    '2023-12-31T23:00:00-01:00',
    '2023-12-31T23:59:60Z',
  ].map(instantKey)
  expect(new Set(keys).size).toBe(1)
  expect(keys[0]).not.toBeNull()
})

it('sorts as instants do, to the last digit of a fraction', () => {
  const ascending = [
    '0000-01-01T00:00:00+23:59',
    '0000-01-01',
    '0099-12-31',
    '1969-12-31T23:59:59.9Z',
    '1970-01-01',
    '1970-01-01T00:00:00.000000000000000000001Z',
    '1970-01-01T00:00:00.1Z',
    '1970-01-01T00:00:00.12Z',
    '1970-01-01T00:00:00.2Z',
    '1970-01-01T00:00:01Z',
    '9999-12-31T23:59:59-23:59',
  ].map((date) => instantKey(date) ?? 'no date')
  expect([...ascending].sort()).toEqual(ascending)
})

it('comes back as a date in UTC', () => {
  expect(dateOfKey(instantKey('2024-01-01') ?? '')).toBe('2024-01-01T00:00:00Z')
  expect(dateOfKey(instantKey('0099-06-01T12:30:15.1250+02:00') ?? '')).toBe('0099-06-01T10:30:15.125Z')
})

it('is none for what is no date', () => {
  for (const text of ['', 'yesterday', '2024-02-30', '2024-01-01T24:00:00Z', '2024-01-01T00:00:00']) {
    expect(instantKey(text)).toBeNull()
  }
})
