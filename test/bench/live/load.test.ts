import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { arrivalTimes } from '../../../src/bench/live/load/arrivals.js'
import { bottlenecksOf } from '../../../src/bench/live/load/generator-health.js'
import { LatencyHistogram } from '../../../src/bench/live/load/latency-histogram.js'
import { LoadRecorder } from '../../../src/bench/live/load/load-recorder.js'
import type { LoadSettings } from '../../../src/bench/live/load/load-run.js'
import { closedLoop, openLoop } from '../../../src/bench/live/load/loops.js'
import { prepareRequest, type PreparedRequest } from '../../../src/bench/live/load/prepared-request.js'
import { runStep } from '../../../src/bench/live/load/run-step.js'
import { openConnections, send, type Sent } from '../../../src/bench/live/load/send.js'
import { serverTimes } from '../../../src/bench/live/load/server-times.js'
import { quantile } from '../../../src/bench/quantile.js'
import { createRandom } from '../../../src/datasets/random.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server that does with each request what it is told; requests are counted from 0. */
async function serve(answer: (response: ServerResponse, n: number) => void): Promise<string> {
  let n = 0
  const server = createServer((request, response) => {
    request.resume()
    request.once('end', () => {
      answer(response, n++)
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const get = (url: string): PreparedRequest => ({ url, method: 'GET', headers: {}, body: Buffer.alloc(0) })
const timings = { decode: 3, embed: 2, search: 1, total: 7 }
const good = (response: ServerResponse): void => {
  response.end(JSON.stringify({ timings }))
}
const problem = (response: ServerResponse, status: number, code: string): void => {
  response.writeHead(status).end(JSON.stringify({ code }))
}

describe('arrivals', () => {
  it('come evenly, or by chance at the same rate, the same from the same seed', () => {
    const constant = [...arrivalTimes('constant', { rate: 3, seconds: 2, seed: 1 })]
    expect(constant).toEqual([0, 1, 2, 3, 4, 5].map((n) => (n * 1000) / 3))
    const poisson = [...arrivalTimes('poisson', { rate: 50, seconds: 200, seed: 1 })]
    expect(poisson.length).toBeGreaterThan(9500)
    expect(poisson.length).toBeLessThan(10_500)
    // Exponential gaps, that before the first among them: their deviation is their mean.
    expect(poisson[0]).toBeGreaterThan(0)
    const gaps = poisson.map((time, n) => time - (poisson[n - 1] ?? 0))
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.9)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0)
    expect([...arrivalTimes('poisson', { rate: 50, seconds: 200, seed: 1 })]).toEqual(poisson)
    expect([...arrivalTimes('poisson', { rate: 50, seconds: 200, seed: 2 })]).not.toEqual(poisson)
  })
})

describe('loops', () => {
  it('end at once when they are aborted: between arrivals, and while answers are still to come', async () => {
    const never = () => new Promise<never>(() => undefined)
    const soon = (): AbortSignal => AbortSignal.timeout(20)
    const aborted = { name: 'TimeoutError' }
    const hour = 3_600_000
    const answered = () => Promise.resolve()
    await expect(openLoop([0, hour], answered, { signal: soon() })).rejects.toMatchObject(aborted)
    await expect(openLoop([0], never, { signal: soon() })).rejects.toMatchObject(aborted)
    await expect(closedLoop(3, hour, never, soon())).rejects.toMatchObject(aborted)
    await expect(closedLoop(1, 1, never, AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
  })

  it('an open loop sends when it is due, whatever became of those before', async () => {
    const times = [0, 5, 10, 15]
    const dues: number[] = []
    let release: () => void = () => undefined
    const stalled = new Promise<void>((resolve) => (release = resolve))
    const answers = await openLoop(times, (index, due) => {
      dues.push(due)
      // Nothing is answered before the last is sent.
      if (index === times.length - 1) release()
      return stalled.then(() => index)
    })
    expect(answers).toEqual([0, 1, 2, 3])
    expect(dues.map((due) => due - (dues[0] ?? 0)).map((time) => Number(time.toFixed(6)))).toEqual(times)
  })

  it('a closed loop has so many under way, and a signal stops either', async () => {
    let running = 0
    let most = 0
    await closedLoop(3, 0.02, async () => {
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running--
    })
    expect(most).toBe(3)
    const stopped = AbortSignal.abort(new Error('enough'))
    await expect(closedLoop(1, 60, () => Promise.resolve(), stopped)).rejects.toThrow('enough')
    await expect(openLoop([0], () => Promise.resolve(), { signal: stopped })).rejects.toThrow('enough')
  })
})

describe('sending', () => {
  it('counts from when it was due: a stall of the client is not hidden', async () => {
    const url = await serve(good)
    const agent = openConnections(url, 1)
    const sent = await send(get(url), agent, performance.now() - 5000)
    expect(sent).toMatchObject({ status: 200, broke: null })
    expect(sent.lateMs).toBeGreaterThanOrEqual(5000)
    expect(sent.ms).toBeGreaterThanOrEqual(sent.lateMs)
    expect(sent.bytes).toBe(sent.text.length)
    agent.destroy()
  })

  it('tells a broken connection, and an answer that does not come, by their names', async () => {
    const url = await serve((response, n) => {
      if (n === 0) response.destroy()
      // Else never answered.
    })
    const agent = openConnections(url, 1)
    expect(await send(get(url), agent, performance.now())).toMatchObject({ status: 0, broke: 'ECONNRESET' })
    expect(await send(get(url), agent, performance.now(), 20)).toMatchObject({ status: 0, broke: 'TIMEOUT' })
    // One that waits for a connection has no more time than others.
    const [, waiting] = await Promise.all([
      send(get(url), agent, performance.now(), 40),
      send(get(url), agent, performance.now(), 20),
    ])
    expect(waiting.broke).toBe('TIMEOUT')
    agent.destroy()
  })

  it('a prepared request is what the client sends', async () => {
    const body = { image: new Blob([Buffer.from([1, 2, 3])]), k: 7 }
    const prepared = await prepareRequest('http://host:1/base', 'kd_key', (client) =>
      client.search({ path: { collection: 'a' }, body }),
    )
    expect(prepared).toMatchObject({
      url: 'http://host:1/base/v1/collections/a/search',
      method: 'POST',
      headers: { authorization: 'Bearer kd_key', 'content-length': String(prepared.body.length) },
    })
    expect(prepared.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    const sent = prepared.body.toString('latin1')
    expect(sent).toMatch(/name="k"\r\n\r\n7\r\n/)
    expect(sent).toMatch(/name="image".*\r\n\r\n\x01\x02\x03\r\n/s)
  })
})

describe('percentiles', () => {
  it('are within a thousandth of those of everything sorted', () => {
    const random = createRandom(1)
    const values = Array.from({ length: 20_000 }, () => 0.2 + 1000 * random() ** 6)
    const histogram = new LatencyHistogram()
    expect(histogram.percentiles()).toBeNull()
    for (const value of values) histogram.add(value)
    const found = histogram.percentiles()
    const shares = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999, p9999: 0.9999 }
    for (const [name, share] of Object.entries(shares)) {
      const expected = quantile(values, share)
      const value = found?.[name as keyof typeof shares] ?? NaN
      expect(Math.abs(value - expected) / expected).toBeLessThan(0.005)
    }
    expect(found?.count).toBe(20_000)
    expect(found?.max).toBeCloseTo(Math.max(...values), 3)
    expect(histogram.curve().at(-1)?.[0]).toBe(99.99)
  })

  it('are drawn only as far as there is something above them', () => {
    const histogram = new LatencyHistogram()
    for (let n = 1; n <= 100; n++) histogram.add(n)
    expect(histogram.curve().at(-1)?.[0]).toBe(99)
    expect(histogram.percentiles()?.p50).toBeCloseTo(50, 1)
    expect(histogram.percentiles()?.max).toBe(100)
  })
})

describe('the record of a step', () => {
  const sent = (status: number, ms: number, text: string, broke: string | null = null): Sent => ({
    status,
    ms,
    lateMs: 0,
    text,
    broke,
    bytes: text.length,
  })

  it('keeps answers, refusals and failures apart', () => {
    const recorder = new LoadRecorder()
    const answer = JSON.stringify({ timings })
    recorder.add(sent(200, 10, answer), 0, 100)
    recorder.add(sent(200, 30, answer), 2500, 100)
    recorder.add(sent(503, 1, '{"code": "OVERLOADED"}'), 100, 100)
    recorder.add(sent(429, 2, '{"code": "RATE_LIMITED"}'), 100, 100)
    recorder.add(sent(500, 5, '{"code": "INTERNAL"}'), 100, 100)
    recorder.add(sent(502, 5, '<html>'), 100, 100)
    recorder.add(sent(200, 5, '<html>'), 100, 100)
    recorder.add(sent(0, 5, '', 'TIMEOUT'), 100, 100)
    const found = recorder.result()
    expect(found).toMatchObject({ sent: 8, answered: 2, refused: 2, failed: 4 })
    expect(found.errors).toEqual({
      OVERLOADED: 1,
      RATE_LIMITED: 1,
      INTERNAL: 1,
      'HTTP 502': 1,
      'HTTP 200': 1,
      TIMEOUT: 1,
    })
    expect(found.latency).toMatchObject({ count: 2, max: 30 })
    expect(found.refusalLatency).toMatchObject({ count: 2, max: 2 })
    expect(found.stages?.decode).toMatchObject({ count: 2, p50: 3 })
    expect(found.stages?.total.max).toBe(7)
    expect(found.bytes.sent).toBe(800)
    expect(found.timeline.map(({ answered, failed }) => [answered, failed])).toEqual([
      [1, 4],
      [0, 0],
      [1, 0],
    ])
    expect(found.timeline[1]).toMatchObject({ p50: null, p99: null })
  })

  it('says when the side that makes the load does not keep up', () => {
    const histogram = (ms: number) => {
      const all = new LatencyHistogram()
      for (let n = 0; n < 100; n++) all.add(ms)
      return all.percentiles()
    }
    const well = { latency: histogram(100), late: histogram(4), busy: 0.5, mostInFlight: 8, connections: 8 }
    expect(bottlenecksOf(well)).toEqual([])
    expect(bottlenecksOf({ ...well, busy: 0.95 })).toEqual([expect.stringMatching(/busy 95 %/)])
    expect(bottlenecksOf({ ...well, mostInFlight: 9 })).toEqual([expect.stringMatching(/9 requests/)])
    expect(bottlenecksOf({ ...well, late: histogram(20) })).toEqual([expect.stringMatching(/20.0 ms at p99/)])
    // A tenth of what was measured, and no more.
    expect(bottlenecksOf({ ...well, late: histogram(20), latency: histogram(1000) })).toEqual([])
    expect(bottlenecksOf({ ...well, latency: null, late: histogram(20) })).toHaveLength(1)
  })
})

describe('a step', () => {
  const settings: LoadSettings = {
    arrivals: 'constant',
    seconds: 0.5,
    warmUp: 0.2,
    connections: 50,
    timeoutSeconds: 5,
    k: 10,
    ef: null,
    seed: 1,
  }

  it('counts what was due after the warm-up', async () => {
    const url = await serve((response, n) => {
      if (n % 5 === 1) problem(response, 503, 'OVERLOADED')
      else good(response)
    })
    const readings: (string | null)[] = ['', null]
    const step = await runStep(
      { loop: 'open', arrivals: 'constant', rate: 50 },
      {
        url,
        requests: [get(url)],
        settings,
        seed: 1,
        facts: { metrics: () => Promise.resolve(readings.shift() ?? null) },
      },
    )
    // 35 in all, the first 10 before the clock starts.
    expect(step).toMatchObject({ sent: 25, answered: 20, refused: 5, failed: 0, errors: { OVERLOADED: 5 } })
    expect(step.rate).toBeCloseTo(20 / step.seconds, 9)
    expect(step.offered).toBe(50)
    expect(step.metrics).toBeNull()
    expect(step.generator.mostInFlight).toBeGreaterThanOrEqual(1)
    expect(step.generator.late?.count).toBe(25)
  })

  it('counts the time after the last answer of a slow rate, too', async () => {
    const url = await serve(good)
    const step = await runStep(
      { loop: 'open', arrivals: 'constant', rate: 2 },
      {
        url,
        requests: [get(url)],
        settings: { ...settings, warmUp: 0, seconds: 0.9 },
        seed: 1,
        facts: { metrics: () => Promise.resolve(null) },
      },
    )
    // Sent after 0 and half a second; the server was not asked for more.
    expect(step).toMatchObject({ answered: 2, seconds: 0.9, rate: 2 / 0.9 })
  })

  it('reads what the server did when the warm-up is over, which does not count there, either', async () => {
    const url = await serve(good)
    const readAt: number[] = []
    const metrics = () => {
      readAt.push(performance.now())
      return Promise.resolve(null)
    }
    const started = performance.now()
    const shape = { loop: 'closed', clients: 1 } as const
    await runStep(shape, { url, requests: [get(url)], settings, seed: 1, facts: { metrics } })
    expect(readAt).toHaveLength(2)
    // A timer may go off a millisecond early.
    expect((readAt[0] ?? 0) - started).toBeGreaterThanOrEqual(1000 * settings.warmUp - 2)
  })

  it('by chance tells what was really due, which its seed decides', async () => {
    const url = await serve(good)
    const stepOf = (seed: number) =>
      runStep(
        { loop: 'open', arrivals: 'poisson', rate: 60 },
        { url, requests: [get(url)], settings, seed, facts: { metrics: () => Promise.resolve(null) } },
      )
    for (const seed of [1, 2]) {
      const due = [...arrivalTimes('poisson', { rate: 60, seconds: 0.7, seed })].filter((time) => time >= 200)
      const step = await stepOf(seed)
      expect(step).toMatchObject({ seed, sent: due.length, offered: due.length / 0.5 })
    }
  })

  it('of clients ends with what is under way', async () => {
    const url = await serve(good)
    const step = await runStep(
      { loop: 'closed', clients: 2 },
      { url, requests: [get(url)], settings, seed: 1, facts: { metrics: () => Promise.resolve(null) } },
    )
    expect(step.answered).toBe(step.sent)
    expect(step.answered).toBeGreaterThan(2)
    expect(step.generator.mostInFlight).toBe(2)
    expect(step.offered).toBeNull()
  })
})

describe("the server's own times", () => {
  const reading = (count: number, sum: number) => `# HELP kindred_request_seconds x
kindred_request_seconds_sum{operation="search"} ${sum}
kindred_request_seconds_count{operation="search"} ${count}
kindred_stage_seconds_sum{stage="decode"} ${sum / 2}
kindred_stage_seconds_count{stage="decode"} ${count}
`
  it('are means between two readings of its metrics', () => {
    expect(serverTimes(reading(10, 5), reading(30, 6))).toEqual({
      requests: 20,
      request: 50,
      decode: 25,
      embed: null,
      search: null,
    })
    // A server that has just started has none yet.
    expect(serverTimes('', reading(2, 1))).toMatchObject({ requests: 2, request: 500 })
    expect(serverTimes(null, reading(1, 1))).toBeNull()
    expect(serverTimes('', '<html>')).toBeNull()
  })
})
