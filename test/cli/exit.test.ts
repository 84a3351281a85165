import { describe, expect, it, vi } from 'vitest'
import { reportFailure } from '../../src/cli/exit.js'
import { startProgress } from '../../src/cli/progress.js'
import { KindredError } from '../../src/errors.js'

const printed = (stream: NodeJS.WriteStream, body: () => unknown): string => {
  let text = ''
  const spy = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  try {
    body()
  } finally {
    spy.mockRestore()
  }
  return text
}

describe('how a command ends', () => {
  it('says message and hint on standard error, 2 for wrong usage and 1 for the rest', () => {
    let code = 0
    const locked = new KindredError('STORE_LOCKED', 'held')
    expect(printed(process.stderr, () => (code = reportFailure(locked, false)))).toMatch(
      /error: held\n.*--url/s,
    )
    expect(code).toBe(1)
    printed(process.stderr, () => (code = reportFailure(new KindredError('INVALID_SETTING', 'x'), false)))
    expect(code).toBe(2)
  })

  it('prints one JSON object where that was asked for', () => {
    const out = printed(process.stdout, () =>
      reportFailure(new KindredError('MODEL_NOT_FOUND', 'gone'), true),
    )
    expect(JSON.parse(out)).toEqual({ error: { code: 'MODEL_NOT_FOUND', message: 'gone' } })
  })
})

describe('progress where there is no terminal', () => {
  it('prints the end as a plain line, and nothing where it is quiet', () => {
    vi.useFakeTimers()
    const text = printed(process.stderr, () => {
      const progress = startProgress('indexing', 10)
      progress.update(5)
      vi.advanceTimersByTime(2000)
      progress.update(10, '1 failed')
      progress.stop()
    })
    expect(text).toMatch(/^indexing 10\/10 \(2 s, 0 s left\) 1 failed\n$/)
    expect(
      printed(process.stderr, () => {
        const progress = startProgress('indexing', 10, true)
        progress.update(10)
        progress.stop()
      }),
    ).toBe('')
    vi.useRealTimers()
  })
})
