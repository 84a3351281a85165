import request, { type Test } from 'supertest'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { SettingName } from '../../../src/config.js'
import { openTestServer, type TestServer } from '../test-server.js'
import { keyedApp, type KeyedApp } from './access-server.js'

let server: TestServer
const opened: KeyedApp[] = []
beforeAll(async () => {
  server = await openTestServer()
}, 60_000)
afterEach(() => {
  vi.useRealTimers()
  for (const app of opened.splice(0)) app.close()
})
afterAll(() => server.close())

function appWith(flags: Partial<Record<SettingName, unknown>>): KeyedApp {
  const app = keyedApp(server, { flags })
  opened.push(app)
  return app
}

const models = ({ app }: KeyedApp, headers: Record<string, string> = {}): Test =>
  request(app).get('/v1/models').set(headers)

const remaining = (header: string | undefined, name: string): number =>
  Number(new RegExp(`"${name}"; r=(\\d+); t=\\d+`).exec(header ?? '')?.[1] ?? Number.NaN)

describe('the limit of an address', () => {
  it('lets so many through, then answers 429 until the window is over', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const app = appWith({ rateLimitPerAddress: 2, rateLimitSeconds: 60 })
    const first = await models(app).expect(200)
    expect(remaining(first.headers['ratelimit'], 'address')).toBe(1)
    expect(first.headers['ratelimit-policy']).toMatch(/^"address"; q=2; w=60; pk=:/)
    expect(remaining((await models(app).expect(200)).headers['ratelimit'], 'address')).toBe(0)

    const over = await models(app).expect(429)
    expect(over.type).toBe('application/problem+json')
    expect(over.body).toMatchObject({
      code: 'RATE_LIMITED',
      status: 429,
      detail: 'More than 2 requests of one address within 60 s',
      requestId: over.headers['x-request-id'],
    })
    const seconds = Number(over.headers['retry-after'])
    expect(seconds).toBe(60)
    vi.advanceTimersByTime(59_000)
    expect((await models(app).expect(429)).headers['retry-after']).toBe('1')
    vi.advanceTimersByTime(1000)
    await models(app).expect(200)
  })

  it('counts requests that are refused, too, but never those for its health', async () => {
    const app = appWith({ rateLimitPerAddress: 2, rateLimitSeconds: 600 })
    app.bearer()
    await models(app).expect(401)
    await request(app.app).get('/v1/nowhere').expect(404)
    await models(app).expect(429)
    await request(app.app).get('/health/live').expect(200)
    const ready = await request(app.app).get('/health/ready').expect(200)
    expect(ready.headers).not.toHaveProperty('ratelimit')
  })

  it('counts no request for its health that comes with a key', async () => {
    const app = appWith({ rateLimitPerKey: 1, rateLimitSeconds: 600 })
    const key = { Authorization: app.bearer() }
    await models(app, key).expect(200)
    await models(app, key).expect(429)
    const ready = await request(app.app).get('/health/ready').set(key).expect(200)
    expect(ready.headers).not.toHaveProperty('ratelimit')
  })

  it('counts whom the proxy names, where one is trusted', async () => {
    const app = appWith({ rateLimitPerAddress: 1, rateLimitSeconds: 600, trustProxy: 'loopback' })
    const from = (address: string) => models(app, { 'X-Forwarded-For': address })
    await from('198.51.100.1').expect(200)
    await from('198.51.100.1').expect(429)
    await from('198.51.100.2').expect(200)
    // What the client itself put before the proxy's own entry does not count.
    await from('1.2.3.4, 198.51.100.2').expect(429)
    await from('2001:db8:0:100::1').expect(200)
    await from('2001:db8:0:1ff::2').expect(429)
    await from('2001:db8:0:200::1').expect(200)
    // Some proxies name the port, too.
    await from('198.51.100.2:50001').expect(429)
    await from('[2001:db8:0:200::2]:50001').expect(429)
  })

  it('does not believe what anyone may write, where none is trusted', async () => {
    const app = appWith({ rateLimitPerAddress: 1, rateLimitSeconds: 600 })
    await models(app, { 'X-Forwarded-For': '198.51.100.1' }).expect(200)
    await models(app, { 'X-Forwarded-For': '198.51.100.2' }).expect(429)
  })

  it('is high unless set, and off at 0', async () => {
    expect((await models(appWith({}))).headers['ratelimit-policy']).toMatch('"address"; q=120000; w=60')
    const off = await models(appWith({ rateLimitPerAddress: 0, rateLimitPerKey: 0 })).expect(200)
    expect(off.headers).not.toHaveProperty('ratelimit')
  })
})

describe('the limit of a key', () => {
  it('holds for each key, beside that of the address', async () => {
    const app = appWith({ rateLimitPerKey: 2, rateLimitPerAddress: 100, rateLimitSeconds: 600 })
    const [one, other] = [{ Authorization: app.bearer() }, { Authorization: app.bearer() }]
    const first = await models(app, one).expect(200)
    expect(remaining(first.headers['ratelimit'], 'key')).toBe(1)
    expect(remaining(first.headers['ratelimit'], 'address')).toBe(99)
    await models(app, one).expect(200)
    const over = await models(app, one).expect(429)
    expect(over.body).toMatchObject({ detail: 'More than 2 requests of one key within 600 s' })
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(590)
    await models(app, other).expect(200)
  })

  it('is not used up by who only knows its id', async () => {
    const app = appWith({ rateLimitPerKey: 1, rateLimitSeconds: 600 })
    const key = app.bearer()
    const guess = { Authorization: `${key.slice(0, -43)}${'A'.repeat(43)}` }
    for (let i = 0; i < 3; i++) await models(app, guess).expect(401)
    await models(app, { Authorization: key }).expect(200)
  })
})

describe('the setting trustProxy', () => {
  it.each(['none', '1', 'loopback', '10.0.0.0/8, 192.168.1.1', 'uniquelocal'])('takes %s', (trustProxy) => {
    expect(() => appWith({ trustProxy })).not.toThrow()
  })
  it.each(['true', 'proxy.example', '10.0.0.0/99', '-1', ''])('refuses %j', (trustProxy) => {
    expect(() => appWith({ trustProxy })).toThrow(expect.objectContaining({ code: 'INVALID_SETTING' }))
  })
})
