import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import request from 'supertest'
import { afterEach, describe, expect, it } from 'vitest'
import { openEmbeddedStore } from '../../src/collections/embedded/embedded-store.js'
import type { SettingName } from '../../src/config.js'
import { createServer } from '../../src/server/create-server.js'
import { openTestServer, picture, quiet, type TestServer } from './test-server.js'
import { overFrom } from './watch-job.js'

/** What is closed after the test, the newest first. */
const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function serverWith(flags: Partial<Record<SettingName, unknown>> = {}): Promise<TestServer> {
  const server = await openTestServer({ flags })
  opened.push(() => server.close())
  await request(server.app).put('/v1/collections/c').expect(201)
  return server
}

const putPicture = async ({ app }: TestServer) =>
  request(app)
    .put('/v1/collections/c/items/a')
    .attach('image', await picture('red'), 'x')

describe('a part that fails is told by its code', () => {
  it('of a picture with too many pixels, before it is decoded', async () => {
    const refused = await putPicture(await serverWith({ maxImagePixels: 1000 }))
    expect(refused.status).toBe(413)
    expect(refused.body).toMatchObject({ code: 'IMAGE_TOO_MANY_PIXELS' })
  })

  it('of a picture whose server never answers', async () => {
    const silent: Server = createHttpServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    opened.push(() => {
      silent.closeAllConnections()
      return new Promise((resolve) => silent.close(resolve))
    })
    const { port } = silent.address() as AddressInfo
    const server = await serverWith({
      fetchFrom: '127.0.0.0/8',
      fetchPorts: String(port),
      fetchSeconds: 1,
    })
    const failed = await request(server.app)
      .put('/v1/collections/c/items/a')
      .send({ url: `http://127.0.0.1:${port}/red.jpg` })
      .expect(504)
    expect(failed.body).toMatchObject({ code: 'FETCH_TIMEOUT' })
  })

  it('of an embedder that was closed, as at the very end of a server', async () => {
    const server = await serverWith()
    await server.models.close()
    const failed = await putPicture(server)
    expect(failed.status).toBe(503)
    expect(failed.body).toMatchObject({ code: 'EMBEDDER_CLOSED' })
  })

  it('of an upload that cannot be written, which is not the client’s fault', async () => {
    const server = await serverWith()
    const uploads = path.join(server.config.store, 'uploads')
    rmSync(uploads, { recursive: true, force: true })
    writeFileSync(uploads, 'a file where the folder should be')
    const failed = await request(server.app)
      .post('/v1/collections/c/imports')
      .attach('file', Buffer.from('{}'), 'rows.jsonl')
      .expect(500)
    expect(failed.body).toMatchObject({ code: 'STORE_FAILED' })
    expect(JSON.stringify(failed.body)).not.toContain(uploads)
  })

  it.each([
    [
      'STORE_CORRUPT',
      (file: string) => {
        truncateSync(file, 100)
      },
    ],
    [
      'STORE_TOO_NEW',
      (file: string) => {
        const database = new Database(file)
        database.pragma('user_version = 99')
        database.close()
      },
    ],
  ])('of a collection: %s, and the others are served', async (code, damage) => {
    const server = await serverWith()
    const [own = ''] = readdirSync(path.join(server.config.store, 'collections'))
    await request(server.app).put('/v1/collections/other').expect(201)
    await server.store.close()
    const folder = path.join(server.config.store, 'collections', own)
    for (const end of ['-wal', '-shm']) rmSync(path.join(folder, `items.db${end}`), { force: true })
    damage(path.join(folder, 'items.db'))
    const store = await openEmbeddedStore(server.config.store, { logger: quiet })
    opened.push(() => store.close())
    const { listener } = createServer({ ...server, store, logger: quiet })
    const failed = await request(listener).get('/v1/collections/c/items/a').expect(500)
    expect(failed.body).toMatchObject({ code })
    await request(listener).get('/v1/collections/other').expect(200)
  })
})

describe('a job that fails is told by its code', () => {
  it('of a picture that is a folder', async () => {
    const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'kindred-rows-')))
    opened.push(() => rm(root, { recursive: true }))
    mkdirSync(path.join(root, 'a.jpg'))
    writeFileSync(path.join(root, 'rows.csv'), 'id,image\na,a.jpg\n')
    const server = await serverWith({ importRoots: root })
    const begun = await request(server.app)
      .post('/v1/collections/c/imports')
      .send({ path: path.join(root, 'rows.csv') })
      .expect(202)
    const job = await overFrom(server, begun)
    const errors = await request(server.app).get(`/v1/jobs/${job.id}/errors`).expect(200)
    expect(errors.body).toMatchObject({ items: [{ id: 'a', code: 'IMAGE_UNREADABLE' }] })
  })

  it('of an import that would delete what it could not read', async () => {
    const server = await serverWith()
    const begun = await request(server.app)
      .post('/v1/collections/c/imports')
      .field('deleteMissing', '5')
      .attach('file', Buffer.from('{"id":"a", broken\n'), 'rows.jsonl')
      .expect(202)
    expect(await overFrom(server, begun)).toMatchObject({
      state: 'failed',
      error: { code: 'SOURCE_INCOMPLETE' },
    })
  })
})
