import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { patiently } from '../../../src/bench/live/patience.js'
import { sideBySide } from '../../../src/bench/live/side-by-side.js'
import { KindredError } from '../../../src/errors.js'

describe('side by side', () => {
  it('so many are under way at a time, and results keep their order', async () => {
    let running = 0
    let most = 0
    const results = await sideBySide([5, 1, 3, 1, 2], 2, async (ms) => {
      most = Math.max(most, ++running)
      await sleep(ms)
      running--
      return ms
    })
    expect(results).toEqual([5, 1, 3, 1, 2])
    expect(most).toBe(2)
  })

  it('the first failure stops what has not begun', async () => {
    const begun: number[] = []
    const working = sideBySide([1, 2, 3, 4, 5, 6], 2, async (n) => {
      begun.push(n)
      await sleep(2)
      if (n === 1) throw new Error('one')
      return n
    })
    await expect(working).rejects.toThrow('one')
    await sleep(10)
    expect(begun.length).toBeLessThan(5)
  })

  it('a signal stops it', async () => {
    const abort = new AbortController()
    const working = sideBySide(
      [1, 2, 3],
      1,
      (n) => {
        abort.abort(new Error('enough'))
        return Promise.resolve(n)
      },
      abort.signal,
    )
    await expect(working).rejects.toThrow('enough')
  })
})

describe('patience', () => {
  it('asks again while the server refuses, and not where it fails', async () => {
    const busy = new KindredError('OVERLOADED', 'busy')
    let asked = 0
    const answer = await patiently(() => (++asked < 2 ? Promise.reject(busy) : Promise.resolve('answer')))
    expect([answer, asked]).toEqual(['answer', 2])
    const failing = vi.fn(() => Promise.reject(new KindredError('INTERNAL', 'broken')))
    await expect(patiently(failing)).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(failing).toHaveBeenCalledTimes(1)
  })

  it('ends with its signal while it waits', async () => {
    const abort = new AbortController()
    const asking = patiently(() => {
      abort.abort(new Error('enough'))
      return Promise.reject(new KindredError('RATE_LIMITED', 'later'))
    }, abort.signal)
    await expect(asking).rejects.toThrow('enough')
  })
})
