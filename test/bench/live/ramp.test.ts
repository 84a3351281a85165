import { describe, expect, it } from 'vitest'
import { LatencyHistogram } from '../../../src/bench/live/load/latency-histogram.js'
import { LoadRecorder } from '../../../src/bench/live/load/load-recorder.js'
import type { LoadStep } from '../../../src/bench/live/load/load-run.js'
import { heldStep, ramp } from '../../../src/bench/live/load/ramp.js'

function stepAt(rate: number, p99: number, over: Partial<LoadStep> = {}): LoadStep {
  const latency = new LatencyHistogram()
  latency.add(p99)
  const { late, ...nothing } = new LoadRecorder().result()
  return {
    ...nothing,
    sent: 1,
    shape: { loop: 'open', arrivals: 'constant', rate },
    seed: 1,
    offered: rate,
    seconds: 1,
    rate,
    latency: latency.percentiles(),
    metrics: null,
    generator: { late, busy: 0, mostInFlight: 1, bottlenecks: [] },
    ...over,
  }
}
const slow = (capacity: number, over: Partial<LoadStep> = {}) => {
  const rates: number[] = []
  const measure = (rate: number): Promise<LoadStep> => {
    rates.push(rate)
    return Promise.resolve(rate <= capacity ? stepAt(rate, 50) : stepAt(rate, 500, over))
  }
  return { rates, measure }
}
const options = { sloMs: 100, from: 1, most: 1000 }

describe('a ramp', () => {
  it.each([0.7, 1, 3.3, 37, 400, 999])('finds the highest rate that is held: %d', async (capacity) => {
    const { rates, measure } = slow(capacity)
    const { result, steps } = await ramp({ ...options, measure })
    expect(result).toMatchObject({ sloMs: 100, limitedBy: 'server' })
    expect(result.rate).toBeLessThanOrEqual(capacity)
    expect(result.rate).toBeGreaterThanOrEqual(capacity / 1.1)
    expect(steps.map(({ rate }) => rate)).toEqual(rates)
    expect(new Set(rates).size).toBe(rates.length)
    expect(heldStep(steps, result)?.offered).toBe(result.rate)
  })

  it('goes down where it began too high, and gives up where nothing is held', async () => {
    const { measure } = slow(10)
    const { result } = await ramp({ ...options, from: 300, measure })
    expect(result.rate).toBeGreaterThanOrEqual(10 / 1.1)
    expect(result.rate).toBeLessThanOrEqual(10)
    const nothing = await ramp({ ...options, measure: slow(0).measure })
    expect(nothing.result.rate).toBeNull()
    expect(heldStep(nothing.steps, nothing.result)).toBeUndefined()
  })

  it('ends at the most that is allowed', async () => {
    const { rates, measure } = slow(Infinity)
    const { result } = await ramp({ ...options, from: 3, most: 20, measure })
    expect(result).toEqual({ sloMs: 100, rate: 20, limitedBy: 'limit' })
    expect(rates).toEqual([3, 6, 12, 20])
  })

  it('tells the rate that was really offered, not the one that was asked for', async () => {
    const { measure } = slow(10)
    const byChance = async (rate: number) => ({ ...(await measure(rate)), offered: 0.9 * rate })
    const { result, steps } = await ramp({ ...options, measure: byChance })
    const held = steps.filter(({ latency }) => (latency?.p99 ?? Infinity) <= options.sloMs)
    expect(result.rate).toBe(Math.max(...held.map(({ offered }) => offered ?? NaN)))
    expect(result.rate).toBeLessThanOrEqual(9)
  })

  it('says when it was the load side that could not', async () => {
    const generator = { late: null, busy: 1, mostInFlight: 1, bottlenecks: ['its thread was busy'] }
    const { result } = await ramp({ ...options, measure: slow(50, { generator }).measure })
    expect(result.limitedBy).toBe('client')
  })

  it('holds no rate at which something was refused or failed', async () => {
    for (const over of [{ refused: 1 }, { failed: 1 }, { latency: null }]) {
      const measure = (rate: number): Promise<LoadStep> => Promise.resolve(stepAt(rate, 1, over))
      expect((await ramp({ ...options, measure })).result).toMatchObject({ rate: null, limitedBy: 'server' })
    }
  })

  it('holds nothing against a rate at which by chance nothing was due', async () => {
    const { measure } = slow(50)
    const idle = { sent: 0, offered: 0, latency: null }
    const byChance = async (rate: number) => (rate < 2 ? stepAt(rate, 1, idle) : measure(rate))
    const { result } = await ramp({ ...options, measure: byChance })
    expect(result.rate).toBeGreaterThanOrEqual(50 / 1.1)
    const never = await ramp({ ...options, measure: (rate) => Promise.resolve(stepAt(rate, 1, idle)) })
    expect(never.result).toMatchObject({ rate: null, limitedBy: 'limit' })
  })
})
