import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AnswerRecords, type KeyedRequest } from '../../../src/server/idempotency/answer-records.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kindred-answers-'))
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

const keeping = { seconds: 60, most: 100 }
const request = (key: string, what = 'a', caller = ''): KeyedRequest => ({
  caller,
  key,
  fingerprint: Buffer.alloc(32, what),
})
const begin = (records: AnswerRecords, one: KeyedRequest): number => {
  const claim = records.claim(one, keeping)
  if (claim.kind !== 'new') throw new Error(`it is ${claim.kind}`)
  return claim.number
}

describe('the records of answers', () => {
  it('know a request that is new, under way, answered, or another of the same key', () => {
    const records = AnswerRecords.open(folder)
    const number = begin(records, request('k'))
    expect(records.claim(request('k'), keeping)).toEqual({ kind: 'running' })
    expect(records.claim(request('k', 'b'), keeping)).toEqual({ kind: 'other' })
    records.keep(number, '"done"')
    expect(records.claim(request('k'), keeping)).toEqual({ kind: 'answered', answer: '"done"' })
    expect(records.claim(request('k', 'b'), keeping)).toEqual({ kind: 'other' })
    records.close()
  })

  it('keep callers apart, however caller and key are cut', () => {
    const records = AnswerRecords.open(folder)
    begin(records, request('bc', 'a', 'a'))
    begin(records, request('c', 'a', 'ab'))
    begin(records, request('bc', 'a', 'other'))
    records.close()
  })

  it('take a request that was released for a new one', () => {
    const records = AnswerRecords.open(folder)
    records.release(begin(records, request('k')))
    begin(records, request('k', 'b'))
    records.close()
  })

  it('are the same in the next process, which knows of what was under way only that it was', () => {
    const records = AnswerRecords.open(folder)
    records.keep(begin(records, request('done')), '"done"')
    begin(records, request('begun'))
    // Not closed: as after a kill.
    const next = AnswerRecords.open(folder)
    expect(next.claim(request('done'), keeping)).toEqual({ kind: 'answered', answer: '"done"' })
    expect(next.claim(request('begun'), keeping)).toEqual({ kind: 'lost' })
    expect(next.claim(request('begun', 'b'), keeping)).toEqual({ kind: 'other' })
    records.close()
    next.close()
  })

  it('are kept for so long', () => {
    vi.useFakeTimers({ now: 1_000_000 })
    const records = AnswerRecords.open(folder)
    records.keep(begin(records, request('k')), '"done"')
    vi.setSystemTime(1_000_000 + 59_999)
    expect([records.has(request('k'), keeping), records.has(request('other'), keeping)]).toEqual([
      true,
      false,
    ])
    expect(records.claim(request('k'), keeping).kind).toBe('answered')
    vi.setSystemTime(1_000_000 + 60_000)
    expect(records.has(request('k'), keeping)).toBe(false)
    expect(records.claim(request('k'), keeping).kind).toBe('new')
    records.close()
  })

  it('are so many: the oldest go', () => {
    const records = AnswerRecords.open(folder)
    for (const key of ['1', '2', '3', '4']) {
      const claim = records.claim(request(key), { ...keeping, most: 3 })
      if (claim.kind === 'new') records.keep(claim.number, '"done"')
    }
    const kinds = ['2', '3', '4', '1'].map((key) => records.claim(request(key), keeping).kind)
    expect(kinds).toEqual(['answered', 'answered', 'answered', 'new'])
    records.close()
  })

  it('hold no key as it was sent', () => {
    const records = AnswerRecords.open(folder)
    begin(records, request('something-secret', 'a', 'caller'))
    records.close()
    expect(readFileSync(path.join(folder, 'answers.db')).includes('something-secret')).toBe(false)
  })
})
