import { expect, it } from 'vitest'
import { itemName, shown } from '../../src/web/format/item-name.js'
import { bytes, count, counted, milliseconds, percent } from '../../src/web/format/numbers.js'
import { ago, duration } from '../../src/web/format/times.js'

it('numbers are written as people write them', () => {
  expect(count(12_345)).toBe('12,345')
  expect([counted(1, 'item'), counted(0, 'item'), counted(2, 'row')]).toEqual(['1 item', '0 items', '2 rows'])
  expect([percent(0.974), percent(1), percent(0)]).toEqual(['97 %', '100 %', '0 %'])
  expect([milliseconds(3.14), milliseconds(12.3)]).toEqual(['3.1 ms', '12 ms'])
  expect([0, 999, 1000, 1536, 20_971_520, 4_294_967_296, 5e15].map(bytes)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '1.5 kB',
    '21 MB',
    '4.3 GB',
    '5000 TB',
  ])
})

it('times are told from now', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')
  const told = [0, 9, 59, 60, 3599, 3600, 86_400, 200 * 86_400, 800 * 86_400].map((seconds) =>
    ago(new Date(now - seconds * 1000).toISOString(), now),
  )
  expect(told).toEqual([
    'just now',
    'just now',
    '59 seconds ago',
    '1 minute ago',
    '59 minutes ago',
    '1 hour ago',
    'yesterday',
    '6 months ago',
    '2 years ago',
  ])
  expect([0.2, 59, 75, 3600, 5430].map(duration)).toEqual([
    '1 s',
    '59 s',
    '1 min 15 s',
    '1 h 0 min',
    '1 h 30 min',
  ])
})

it('an item goes by its name where it has one, else by its id', () => {
  expect(itemName('b-1', { name: 'Boot' })).toBe('Boot')
  expect(itemName('b-1', { title: 'Boot', colour: 'red' })).toBe('Boot')
  expect(itemName('b-1', { name: '', colour: 'red' })).toBe('b-1')
  expect(itemName('b-1', { name: 5 })).toBe('b-1')
  expect(itemName('b-1', undefined)).toBe('b-1')
  expect([shown(['a', 5]), shown(true), shown(7.5)]).toEqual(['a, 5', 'yes', '7.5'])
})
