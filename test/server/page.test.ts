import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import request from 'supertest'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { keyedApp, type KeyedApp } from './access/access-server.js'
import { openTestServer, type TestServer } from './test-server.js'

let server: TestServer
const folder = mkdtempSync(path.join(tmpdir(), 'kindred-page-'))
const opened: KeyedApp[] = []
beforeAll(async () => {
  mkdirSync(path.join(folder, 'assets'))
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>page</title>')
  writeFileSync(path.join(folder, 'assets/main-ABC.js'), 'export {}\n'.repeat(1000))
  writeFileSync(path.join(folder, 'assets/page-ABC.css'), 'body {}')
  server = await openTestServer()
})
afterEach(() => {
  for (const app of opened.splice(0)) app.close()
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await server.close()
})

function appWith(page: 'on' | 'off' = 'on', pageFolder = folder): KeyedApp {
  const app = keyedApp(server, { flags: { page }, parts: { pageFolder } })
  opened.push(app)
  return app
}

/** What browsers send when somebody goes to an address. */
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'

describe('the page', () => {
  it('is at /, also for who has no key, and is asked for anew each time', async () => {
    const { app, bearer } = appWith()
    bearer()
    for (const accept of [browser, '*/*']) {
      const page = await request(app).get('/').set('Accept', accept).expect(200)
      expect(page.type).toBe('text/html')
      expect(page.text).toContain('<title>page</title>')
      expect(page.headers).toMatchObject({ 'cache-control': 'no-cache', vary: 'Accept, Accept-Encoding' })
    }
    const head = await request(app).head('/').set('Accept', browser).expect(200)
    expect(head.headers['content-type']).toContain('text/html')
    expect((await request(app).get('/?collection=shop').set('Accept', browser)).type).toBe('text/html')
  })

  it('has its icon in itself: there is none for browsers that ask, and that is no error', async () => {
    const icon = await request(appWith().app).get('/favicon.ico').expect(204)
    expect(icon.headers['cache-control']).toBe('public, max-age=86400')
  })

  it('is made of files that are kept for as long as their name, packed for who can unpack', async () => {
    const { app } = appWith()
    const script = await request(app).get('/assets/main-ABC.js').expect(200)
    expect(script.type).toBe('text/javascript')
    expect(script.text).toBe('export {}\n'.repeat(1000))
    expect(script.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
      vary: 'Accept-Encoding',
    })
    expect(Number(script.headers['content-length'])).toBeLessThan(1000)
    const plain = await request(app).get('/assets/main-ABC.js').set('Accept-Encoding', 'identity').expect(200)
    expect(plain.headers).not.toHaveProperty('content-encoding')
    expect(Number(plain.headers['content-length'])).toBe(10_000)
    expect((await request(app).get('/assets/page-ABC.css').expect(200)).type).toBe('text/css')
    await request(app).head('/assets/page-ABC.css').expect(200)
  })

  it('has no other files', async () => {
    const { app } = appWith()
    for (const name of [
      'nothing.js',
      '..%2Findex.html',
      '..%2f..%2fpackage.json',
      'index.html',
      '__proto__',
    ]) {
      expect((await request(app).get(`/assets/${name}`).expect(404)).body).toMatchObject({
        code: 'NOT_FOUND',
      })
    }
  })

  it('may run scripts that are files of its own, and ask no one but its server', async () => {
    const policy =
      (await request(appWith().app).get('/').expect(200)).headers['content-security-policy'] ?? ''
    expect(policy.split(';')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
      ]),
    )
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
  })

  it('leaves programs that ask for JSON what they had', async () => {
    const { app } = appWith()
    const { body } = (await request(app).get('/').accept('json').expect(200)) as { body: unknown }
    expect(body).toEqual({ name: 'kindred', docs: '/docs', ready: '/health/ready' })
  })

  it('can be switched off', async () => {
    const { app } = appWith('off')
    const root = await request(app).get('/').set('Accept', browser).expect(200)
    expect(root.body).toMatchObject({ name: 'kindred' })
    await request(app).get('/assets/main-ABC.js').expect(404)
  })

  it('says how to build it where it was not built', async () => {
    const { app } = appWith('on', path.join(folder, 'nothing'))
    const page = await request(app).get('/').set('Accept', browser).expect(404)
    expect(page.text).toContain('npm run build')
    await request(app).get('/').accept('json').expect(200)
  })
})

describe('/v1/server', () => {
  const ask = (app: KeyedApp, Authorization?: string) =>
    request(app.app)
      .get('/v1/server')
      .set(Authorization === undefined ? {} : { Authorization })

  it('says that everything is allowed on a server without keys', async () => {
    const { body } = (await ask(appWith()).expect(200)) as { body: unknown }
    expect(body).toEqual({
      key: null,
      fetchesUrls: false,
      limits: { imageBytes: 20_971_520, uploadBytes: 4_294_967_296, k: 1000, examples: 16 },
      host: expect.objectContaining({ node: process.versions.node }) as object,
    })
  })

  it('tells a key its scope and its collections', async () => {
    const app = appWith()
    const whole = await ask(app, app.bearer({ scope: 'write' })).expect(200)
    expect(whole.body).toMatchObject({ key: { scope: 'write', collections: null } })
    const limited = await ask(app, app.bearer({ collections: ['shoes'] })).expect(200)
    expect(limited.body).toMatchObject({ key: { scope: 'search', collections: ['shoes'] } })
    await ask(app).expect(401)
  })

  it('tells its machine and versions only to whoever may do everything', async () => {
    const app = appWith()
    const hostFor = async (...key: Parameters<typeof app.bearer>): Promise<unknown> =>
      ((await ask(app, app.bearer(...key)).expect(200)).body as { host: unknown }).host
    expect(await hostFor({ scope: 'admin' })).toMatchObject({
      node: process.versions.node,
      onnxruntime: expect.stringMatching(/^\d+\./) as string,
    })
    expect(await hostFor({ scope: 'admin', collections: ['shoes'] })).toBeNull()
    expect(await hostFor({ scope: 'write' })).toBeNull()
  })

  it('tells limits and whether URLs are fetched as they are set', async () => {
    const app = keyedApp(server, { flags: { fetchFrom: 'public', maxK: 7 } })
    opened.push(app)
    expect((await ask(app).expect(200)).body).toMatchObject({ fetchesUrls: true, limits: { k: 7 } })
    const none = keyedApp(server, { flags: { fetchFrom: '' } })
    opened.push(none)
    expect((await ask(none).expect(200)).body).toMatchObject({ fetchesUrls: false })
  })
})
