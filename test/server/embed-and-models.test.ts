import { rm } from 'node:fs/promises'
import path from 'node:path'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeTinyBundle } from '../support/tiny-bundle.js'
import { openTestServer, picture, type TestServer } from './test-server.js'

let server: TestServer
beforeAll(async () => {
  server = await openTestServer()
})
afterAll(() => server.close())
const api = () => request(server.app)

interface Embeddings {
  embeddings: number[][]
  model: string
}

describe('POST /v1/embed', () => {
  it('embeds several pictures in order, at unit length', async () => {
    const answered = await api()
      .post('/v1/embed')
      .attach('image', await picture('red'), 'a')
      .attach('image', await picture('blue'), 'b')
      .attach('image', await picture('red'), 'c')
      .expect(200)
    const { embeddings, model } = answered.body as Embeddings
    expect(model).toBe(server.bundle.model)
    expect(embeddings.map(({ length }) => length)).toEqual([16, 16, 16])
    expect(embeddings[2]).toEqual(embeddings[0])
    expect(embeddings[1]).not.toEqual(embeddings[0])
    for (const values of embeddings) expect(Math.hypot(...values)).toBeCloseTo(1, 5)
  })

  it('takes base64 in JSON, and another model', async () => {
    const base64 = (await picture('red')).toString('base64')
    const answered = await api()
      .post('/v1/embed?model=wide')
      .send({ base64: [base64] })
      .expect(200)
    const { embeddings, model } = answered.body as Embeddings
    expect(model).toMatch(/^wide@/)
    expect(embeddings.map(({ length }) => length)).toEqual([24])
    const again = await api()
      .post('/v1/embed')
      .query({ model })
      .send({ base64: [base64] })
      .expect(200)
    expect(again.body).toEqual(answered.body)
  })

  it('refuses no picture, too many, an unknown model and a picture that is none', async () => {
    const none = await api().post('/v1/embed').send({ base64: [] }).expect(400)
    expect(none.body).toMatchObject({ field: 'base64' })
    const many = api().post('/v1/embed')
    for (let i = 0; i < 17; i++) void many.attach('image', Buffer.from('x'), 'x')
    expect((await many.expect(400)).body).toMatchObject({ code: 'INVALID_REQUEST', field: 'image' })
    const base64 = [Buffer.from('no picture').toString('base64')]
    const unknown = await api().post('/v1/embed?model=nowhere').send({ base64 }).expect(404)
    expect(unknown.body).toMatchObject({
      code: 'MODEL_NOT_FOUND',
      hint: expect.stringContaining('tiny@') as string,
    })
    const bad = await api().post('/v1/embed').send({ base64 }).expect(415)
    expect(bad.body).toMatchObject({ code: 'IMAGE_UNSUPPORTED' })
  })
})

describe('GET /v1/models', () => {
  it('lists the bundles, the default one marked', async () => {
    const { body } = (await api().get('/v1/models').expect(200)) as { body: unknown }
    const { items, nextCursor } = body as { items: { name: string; default: boolean }[]; nextCursor: null }
    expect(nextCursor).toBeNull()
    expect(items.map((item) => [item.name, item.default])).toEqual([
      ['tiny', true],
      ['wide', false],
    ])
  })

  it.each(['name', 'name and fingerprint'])('gives manifest and card by %s', async (by) => {
    const name = by === 'name' ? 'tiny' : server.bundle.model
    const { body } = (await api()
      .get(`/v1/models/${encodeURIComponent(name)}`)
      .expect(200)) as { body: unknown }
    expect(body).toMatchObject({
      model: server.bundle.model,
      dimensions: 16,
      default: true,
      manifest: { name: 'tiny', formatVersion: 1, fingerprint: server.bundle.manifest.fingerprint },
      card: expect.stringContaining('# tiny') as string,
    })
  })

  it('answers 404 for a model that is not there', async () => {
    const { body } = (await api().get('/v1/models/nowhere').expect(404)) as { body: unknown }
    expect(body).toMatchObject({ code: 'MODEL_NOT_FOUND' })
  })
})

describe('a collection of another model than the default', () => {
  it('is embedded with its own model, found by fingerprint under another name', async () => {
    const folder = path.join(server.folder, 'models')
    const old = await writeTinyBundle(path.join(folder, 'old'), { dimensions: 20 })
    await api().put('/v1/collections/others').send({ model: 'old' }).expect(201)
    await rm(old.folder, { recursive: true })
    const image = await picture('red')

    const gone = await api().put('/v1/collections/others/items/a').attach('image', image, 'x').expect(404)
    expect(gone.body).toMatchObject({
      code: 'MODEL_NOT_FOUND',
      hint: expect.stringContaining('tiny@') as string,
    })

    const renamed = await writeTinyBundle(path.join(folder, 'renamed'), { dimensions: 20 })
    expect(renamed.manifest.fingerprint).toBe(old.manifest.fingerprint)
    await api().put('/v1/collections/others/items/a').attach('image', image, 'x').expect(201)
    const found = await api().post('/v1/collections/others/search').attach('image', image, 'x').expect(200)
    expect(found.body).toMatchObject({ model: old.model, results: [{ id: 'a' }] })
  })
})
