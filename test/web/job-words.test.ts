import { expect, it } from 'vitest'
import { jobCounts, jobShare, jobTitle } from '../../src/web/format/job-words.js'
import { toCsv } from '../../src/web/format/csv.js'
import { formulaCells } from '../support/formula-cells.js'
import type { Job } from '../../src/web/state/session.js'

const job: Job = {
  id: 'a',
  kind: 'import',
  collection: 'shop',
  source: 'shop.csv',
  state: 'running',
  counts: { total: 30, embedded: 20, unchanged: 8, failed: 2 },
  deleted: 0,
  ratePerSecond: 10,
  etaSeconds: 7,
  error: null,
  createdAt: '2026-01-31T12:00:00Z',
  updatedAt: '2026-01-31T12:00:03Z',
}

it('an import tells its rows, how fast it is and how long it will take', () => {
  expect(jobTitle(job)).toBe('Bringing in shop.csv')
  expect(jobCounts(job)).toBe('30 rows: 20 new, 8 as before, 2 failed · 10 a second · 7 s left')
  expect(jobShare(job)).toBeCloseTo(0.3)
  expect(jobCounts({ ...job, state: 'done', deleted: 4 })).toBe(
    '30 rows: 20 new, 8 as before, 2 failed · 4 deleted',
  )
  expect(jobCounts({ ...job, kind: 'dry-import', state: 'done', deleted: 4 })).toMatch(
    / · 4 would be deleted$/,
  )
})

it('other jobs tell their items; where nobody knows how far one is nothing is claimed', () => {
  const other: Job = { ...job, kind: 'duplicates', source: '0.97', ratePerSecond: null, etaSeconds: null }
  expect(jobTitle(other)).toBe('Looking for duplicates from 0.97')
  expect(jobCounts(other)).toBe('30 items')
  expect(jobShare(other)).toBeNull()
  expect(jobShare({ ...other, state: 'done' })).toBe(1)
})

it('cells that need it are quoted in a CSV', () => {
  expect(
    toCsv([
      ['row', 'reason'],
      [3, 'a "b", c\nd'],
      [4, null],
    ]),
  ).toBe('row,reason\r\n3,"a ""b"", c\nd"\r\n4,\r\n')
})

it.each(formulaCells)('%j is no formula in a CSV, and a number stays one', (cell, written) => {
  expect(toCsv([[cell, -1]])).toBe(`${written},-1\r\n`)
})
