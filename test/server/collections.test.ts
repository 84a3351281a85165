import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer, type TestServer } from './test-server.js'

let server: TestServer
beforeAll(async () => {
  server = await openTestServer()
})
afterAll(() => server.close())
const api = () => request(server.app)

describe('PUT /v1/collections/{collection}', () => {
  it('makes a collection of the default model where there is no body, and answers the same the next time', async () => {
    const made = await api().put('/v1/collections/shoes').expect(201)
    expect(made.body).toEqual({
      name: 'shoes',
      model: server.bundle.model,
      dimensions: 16,
      fields: {},
      hnsw: { m: 16, efConstruction: 200, ef: 100 },
      keep: 'thumbnail',
      thumbnailSide: 320,
      probabilities: true,
      counts: { items: 0, groups: 0 },
      indexedAt: null,
    })
    const again = await api().put('/v1/collections/shoes').expect(200)
    expect(again.body).toEqual(made.body)
  })

  it('takes a model by name, or by name and fingerprint', async () => {
    const byName = await api().put('/v1/collections/wide-1').send({ model: 'wide' }).expect(201)
    expect(byName.body).toMatchObject({
      dimensions: 24,
      model: expect.stringMatching(/^wide@[0-9a-f]{12}$/) as string,
    })
    const { model } = byName.body as { model: string }
    const byFingerprint = await api()
      .put('/v1/collections/wide-2')
      .send({ model, dimensions: 24 })
      .expect(201)
    expect(byFingerprint.body).toMatchObject({ model, dimensions: 24 })
  })

  it('takes dimensions without a model: a collection of ready-made embeddings', async () => {
    const made = await api().put('/v1/collections/plain').send({ dimensions: 3 }).expect(201)
    expect(made.body).toMatchObject({ model: null, dimensions: 3 })
    await api().put('/v1/collections/plain').send({ dimensions: 3, model: null }).expect(200)
  })

  it('keeps declared fields and graph settings', async () => {
    const spec = { fields: { price: 'number', on: 'date' }, hnsw: { m: 8 } }
    const made = await api().put('/v1/collections/declared').send(spec).expect(201)
    expect(made.body).toMatchObject({ fields: spec.fields, hnsw: { m: 8, efConstruction: 200 } })
  })

  it('refuses another model for an existing collection', async () => {
    await api().put('/v1/collections/taken').expect(201)
    const refused = await api().put('/v1/collections/taken').send({ model: 'wide' }).expect(409)
    expect(refused.body).toMatchObject({ code: 'COLLECTION_EXISTS' })
  })

  it.each([
    [{ model: 'nowhere' }, 404, 'MODEL_NOT_FOUND', undefined],
    [{ model: 'wide', dimensions: 3 }, 400, 'INVALID_REQUEST', 'dimensions'],
    [{ model: null }, 400, 'INVALID_REQUEST', 'dimensions'],
    [{ dimensions: 0 }, 400, 'INVALID_REQUEST', 'dimensions'],
    [{ hnsw: { m: 1 } }, 400, 'INVALID_REQUEST', 'hnsw.m'],
    [{ fields: { price: 'money' } }, 400, 'INVALID_REQUEST', 'fields.price'],
    [{ colour: 'red' }, 400, 'INVALID_REQUEST', 'colour'],
  ])('refuses %j', async (spec, status, code, field) => {
    const refused = await api().put('/v1/collections/refused').send(spec).expect(status)
    expect(refused.body).toMatchObject({ code, ...(field !== undefined && { field }) })
  })

  it('refuses a name that is none', async () => {
    const refused = await api().put('/v1/collections/Shoes!').expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', field: 'collection' })
  })
})

describe('GET and DELETE of collections', () => {
  it('lists in the order of names, page by page', async () => {
    for (const name of ['page-b', 'page-a', 'page-c']) await api().put(`/v1/collections/${name}`).expect(201)
    const names: string[] = []
    let cursor: string | null = null
    do {
      const page = await api()
        .get('/v1/collections')
        .query({ limit: 2, ...(cursor !== null && { cursor }) })
        .expect(200)
      const body = page.body as { items: { name: string }[]; nextCursor: string | null }
      expect(body.items.length).toBeLessThanOrEqual(2)
      names.push(...body.items.map(({ name }) => name))
      cursor = body.nextCursor
    } while (cursor !== null)
    expect(names).toEqual([...names].sort())
    expect(names).toEqual(expect.arrayContaining(['page-a', 'page-b', 'page-c']))
  })

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=x', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['cursor=', 'cursor'],
    ['page=2', 'page'],
  ])('refuses the query %s', async (query, field) => {
    const refused = await api().get(`/v1/collections?${query}`).expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', field })
  })

  it('refuses a cursor that it never gave', async () => {
    const refused = await api().get('/v1/collections?cursor=nonsense').expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_CURSOR' })
  })

  it('deletes a collection once', async () => {
    await api().put('/v1/collections/gone').expect(201)
    const deleted = await api().delete('/v1/collections/gone').expect(204)
    expect(deleted.text).toBe('')
    for (const again of [api().delete('/v1/collections/gone'), api().get('/v1/collections/gone')]) {
      const missing = await again.expect(404)
      expect(missing.body).toMatchObject({ code: 'COLLECTION_NOT_FOUND' })
    }
  })
})
