import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorRegistry } from '../../src/errors.js'
import { Lifecycle } from '../../src/server/lifecycle.js'
import { openTestServer, type TestServer } from './test-server.js'

let server: TestServer
const lifecycle = new Lifecycle()
beforeAll(async () => {
  server = await openTestServer({ parts: { lifecycle } })
})
const api = () => request(server.app)

describe('/docs', () => {
  it('shows the contract and gives it as JSON', async () => {
    const page = await api().get('/docs').redirects(1).expect(200)
    expect(page.type).toBe('text/html')
    expect(page.text).toContain('swagger-ui')
    const script = await api().get('/docs/swagger-ui-init.js').expect(200)
    expect(script.text).toContain('putCollection')
    const asset = await api().get('/docs/swagger-ui.css').expect(200)
    expect(asset.type).toBe('text/css')
    for (const path of ['/docs/nothing', '/docs/package.json', '/docs/a/package.json']) {
      const missing = await api().get(path).expect(404)
      expect(missing.body).toMatchObject({ code: 'NOT_FOUND' })
    }
    const json = await api().get('/docs/openapi.json').expect(200)
    expect(json.body).toMatchObject({ openapi: '3.1.0' })
  })

  it('explains every code where the type of a problem points', async () => {
    const { text } = await api().get('/docs/errors').expect(200)
    // For phones and dark rooms; what that looks like is for a browser to say.
    expect(text).toContain('<meta name="viewport"')
    expect(text).toContain('color-scheme:light dark')
    for (const code of Object.keys(errorRegistry)) expect(text).toContain(`id="${code}"`)
  })

  it('is where / points programs', async () => {
    const { body } = (await api().get('/').accept('json').expect(200)) as { body: unknown }
    expect(body).toMatchObject({ docs: '/docs' })
  })
})

// In this order: what is stopped and closed here stays so.
describe('/health', () => {
  it('is live and ready', async () => {
    await api().get('/health/live').expect(200, { status: 'live' })
    await api().get('/health/ready').expect(200, { status: 'ready', model: server.bundle.model })
  })

  it('is live but not ready while stopping, and takes no new work', async () => {
    lifecycle.stop()
    await api().get('/health/live').expect(200)
    const ready = await api().get('/health/ready').expect(503)
    expect(ready.body).toMatchObject({ code: 'SHUTTING_DOWN' })
    const work = await api().get('/v1/collections').expect(503)
    expect(work.body).toMatchObject({ code: 'SHUTTING_DOWN' })
    expect(work.headers).toMatchObject({ connection: 'close', 'retry-after': '1' })
  })
})

describe('/health/ready over a store that has gone', () => {
  let broken: TestServer
  beforeAll(async () => {
    broken = await openTestServer()
    await broken.store.close()
  })
  afterAll(async () => {
    await broken.close()
    await server.close()
  })

  it('says so', async () => {
    const { body } = (await request(broken.app).get('/health/ready').expect(503)) as { body: unknown }
    expect(body).toMatchObject({ code: 'NOT_READY' })
    const work = await request(broken.app).get('/v1/collections').expect(503)
    expect(work.body).toMatchObject({ code: 'STORE_CLOSED' })
  })
})
