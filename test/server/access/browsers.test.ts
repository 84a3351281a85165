import request from 'supertest'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SettingName } from '../../../src/config.js'
import { openTestServer, type TestServer } from '../test-server.js'
import { keyedApp, type KeyedApp } from './access-server.js'

let server: TestServer
const opened: KeyedApp[] = []
beforeAll(async () => {
  server = await openTestServer()
}, 60_000)
afterEach(() => {
  for (const app of opened.splice(0)) app.close()
})
afterAll(() => server.close())

function appWith(flags: Partial<Record<SettingName, unknown>> = {}): KeyedApp {
  const app = keyedApp(server, { flags })
  opened.push(app)
  return app
}

const shop = 'https://shop.example'

describe('web pages of other origins', () => {
  it('may ask where they are on the list, and read what they need of the answer', async () => {
    const { app, bearer } = appWith({ corsOrigins: `${shop}, http://localhost:3000` })
    const Authorization = bearer()
    for (const origin of [shop, 'http://localhost:3000']) {
      const preflight = await request(app)
        .options('/v1/collections/shoes/items/a')
        .set({
          Origin: origin,
          'Access-Control-Request-Method': 'PUT',
          'Access-Control-Request-Headers': 'authorization',
        })
        .expect(204)
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-headers': 'authorization',
        'access-control-max-age': '600',
      })
      expect(preflight.headers['access-control-allow-methods']).toContain('PUT')
      const answer = await request(app).get('/v1/models').set({ Origin: origin, Authorization }).expect(200)
      expect(answer.headers['access-control-allow-origin']).toBe(origin)
      expect(answer.headers['access-control-expose-headers']).toContain('Retry-After')
      expect(answer.headers['vary']).toContain('Origin')
      // A key goes into a header, never into a cookie.
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    }
  })

  it('can read refusals, too', async () => {
    const { app, bearer } = appWith({ corsOrigins: shop, rateLimitPerAddress: 1 })
    bearer()
    const refused = await request(app).get('/v1/models').set('Origin', shop).expect(401)
    expect(refused.headers['access-control-allow-origin']).toBe(shop)
    const limited = await request(app).get('/v1/models').set('Origin', shop).expect(429)
    expect(limited.headers['access-control-allow-origin']).toBe(shop)
  })

  it.each(['https://shop.example.evil.example', 'http://shop.example', 'https://shop.example:8443', 'null'])(
    'may not ask where they are not: %s',
    async (origin) => {
      const { app, bearer } = appWith({ corsOrigins: shop })
      const answer = await request(app).get('/v1/models').set({ Origin: origin, Authorization: bearer() })
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
      const preflight = await request(app)
        .options('/v1/models')
        .set({ Origin: origin, 'Access-Control-Request-Method': 'GET' })
      expect(preflight.headers).not.toHaveProperty('access-control-allow-origin')
    },
  )

  it('may not ask at all unless the setting names some', async () => {
    const { app } = appWith()
    const answer = await request(app)
      .options('/v1/models')
      .set({ Origin: 'http://localhost', Host: 'localhost' })
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it.each(['shop.example', '*', 'https://shop.example/', 'https://*.example', 'ftp://shop.example', ''])(
    'cannot be put on the list as %j',
    (corsOrigins) => {
      expect(() => appWith({ corsOrigins })).toThrow(expect.objectContaining({ code: 'INVALID_SETTING' }))
    },
  )
})

describe('a server without keys', () => {
  it('answers no page that leads its own name to this machine (DNS rebinding)', async () => {
    const { app } = appWith()
    const rebound = await request(app).get('/v1/collections').set('Host', 'evil.example').expect(403)
    expect(rebound.body).toMatchObject({
      code: 'FORBIDDEN',
      hint: expect.stringContaining('keys create') as string,
    })
    await request(app).get('/v1/collections').set('Host', 'localhost:8080').expect(200)
  })

  it('takes no form that a page of elsewhere posts', async () => {
    const { app } = appWith({ corsOrigins: shop })
    const post = (headers: Record<string, string>) =>
      request(app).post('/v1/collections/none/search').set(headers).field('k', '1')
    for (const origin of ['https://evil.example', 'null', 'http://localhost:81']) {
      expect((await post({ Host: 'localhost', Origin: origin }).expect(403)).body).toMatchObject({
        code: 'FORBIDDEN',
      })
    }
    // Its own pages, those on the list, and programs reach the operation.
    await post({ Host: 'localhost', Origin: 'http://localhost' }).expect(404)
    await post({ Host: 'localhost', Origin: shop }).expect(404)
    await post({}).expect(404)
  })

  it('is as any other once there is a key', async () => {
    const { app, bearer } = appWith()
    const Authorization = bearer()
    const headers = { Host: 'api.shop.example', Origin: 'https://elsewhere.example', Authorization }
    await request(app).get('/v1/models').set(headers).expect(200)
  })
})

describe('headers for browsers', () => {
  it('let an answer load and run nothing, and be shown in no frame', async () => {
    for (const path of ['/v1/models', '/v1/nowhere', '/assets/nothing.js', '/health/live']) {
      const { headers } = await request(appWith().app).get(path)
      expect(headers).toMatchObject({
        'content-security-policy':
          "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(headers).not.toHaveProperty('strict-transport-security')
      expect(headers).not.toHaveProperty('x-powered-by')
    }
  })

  it('let /docs run what it is made of, which is files of its own', async () => {
    const { app } = appWith()
    const page = await request(app).get('/docs/').expect(200)
    const policy = page.headers['content-security-policy'] ?? ''
    expect(policy).toContain("script-src 'self';")
    const scripts = [...page.text.matchAll(/<script\b([^>]*)>([^<]*)<\/script>/g)]
    expect(scripts.length).toBeGreaterThan(2)
    for (const [, attributes = '', inline = ''] of scripts) {
      expect(inline.trim()).toBe('')
      const source = /src="([^"]+)"/.exec(attributes)?.[1] ?? ''
      expect(source).toMatch(/^\.\//)
      await request(app).get(new URL(source, 'http://x/docs/').pathname).expect(200)
    }
    expect(page.text).not.toMatch(/\son\w+=/)
    expect(page.text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
  })
})

describe('/docs', () => {
  const pages = ['/docs/', '/docs/openapi.json', '/docs/errors', '/docs/swagger-ui.css', '/Docs/openapi.json']

  it('is open unless the setting says otherwise', async () => {
    const { app, bearer } = appWith()
    bearer()
    for (const path of pages) await request(app).get(path).expect(200)
  })

  it('is for who has a key, whatever its scope and collections', async () => {
    const { app, bearer } = appWith({ docsAccess: 'keys' })
    const Authorization = bearer({ collections: ['shoes'] })
    for (const path of pages) {
      expect((await request(app).get(path).expect(401)).body).toMatchObject({ code: 'UNAUTHORIZED' })
      await request(app).get(path).set({ Authorization }).expect(200)
    }
  })

  it('is not there when it is off, nor does / speak of it', async () => {
    const { app, bearer } = appWith({ docsAccess: 'off' })
    const Authorization = bearer({ scope: 'admin' })
    for (const path of pages) await request(app).get(path).set({ Authorization }).expect(404)
    const root = await request(app).get('/').accept('json')
    expect(root.body).toEqual({ name: 'kindred', ready: '/health/ready' })
  })
})

describe('/metrics', () => {
  const metrics = ({ app }: KeyedApp, Authorization?: string) =>
    request(app)
      .get('/metrics')
      .set(Authorization === undefined ? {} : { Authorization })

  it('is for who has a key that is not limited to collections', async () => {
    const app = appWith()
    const key = app.bearer()
    expect((await metrics(app)).status).toBe(401)
    expect((await metrics(app, app.bearer({ scope: 'admin', collections: ['shoes'] }))).status).toBe(403)
    expect([401, 403]).not.toContain((await metrics(app, key)).status)
  })

  it('is for everyone, or for no one, where the setting says so', async () => {
    const open = appWith({ metricsAccess: 'open' })
    open.bearer()
    expect([401, 403]).not.toContain((await metrics(open)).status)
    const off = appWith({ metricsAccess: 'off' })
    expect((await metrics(off, off.bearer({ scope: 'admin' }))).status).toBe(404)
  })
})
