import { describe, expect, it } from 'vitest'
import type { LoadRun, LoadStep } from '../../../src/bench/live/load/load-run.js'
import { loadSection } from '../../../src/bench/live/report/load-section.js'

const step = (rate: number, ms: number): LoadStep => ({
  shape: { loop: 'open', arrivals: 'poisson', rate },
  seed: 1,
  offered: rate,
  seconds: 4,
  sent: 4 * rate,
  answered: 4 * rate,
  refused: 0,
  failed: 0,
  rate,
  latency: {
    count: 4 * rate,
    mean: ms,
    p50: ms,
    p75: ms,
    p90: ms,
    p95: ms,
    p99: ms,
    p999: ms,
    p9999: ms,
    max: ms,
  },
  latencyCurve: [],
  refusalLatency: null,
  errors: {},
  stages: null,
  metrics: null,
  bytes: { sent: 0, received: 0 },
  timeline: [],
  generator: { late: null, busy: 0, mostInFlight: 1, bottlenecks: [] },
})

const pageOf = (...steps: LoadStep[]): string => {
  const settings = {
    ...{ arrivals: 'poisson' as const, seconds: 4, warmUp: 1, connections: 8, timeoutSeconds: 30 },
    ...{ k: 10, ef: null, seed: 0 },
  }
  const ramp = { sloMs: 100, rate: 15.75, limitedBy: 'limit' as const }
  const run: LoadRun = { settings, requests: { distinct: 3, meanBytes: 9000 }, steps, ramp }
  return loadSection(run).markup
}

describe('the chart of p99 by rate', () => {
  it('calls a rate what the table calls it', () => {
    const page = pageOf(step(2.75, 20), step(15.75, 30))
    expect(page).toContain('>15.8</text')
    expect(page).not.toContain('15.7')
  })

  it('goes as far as there is something to see, and says where it cuts', () => {
    expect(pageOf(step(2, 20), step(4, 30))).not.toContain('What lies above')
    expect(pageOf(step(2, 20), step(4, 390))).not.toContain('What lies above')
    expect(pageOf(step(2, 20), step(4, 900))).toMatch(/What lies above 400\sms/)
  })
})
