import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer, type TestServer } from './test-server.js'

let server: TestServer
beforeAll(async () => {
  server = await openTestServer()
  await api().put('/v1/collections/shoes').expect(201)
})
afterAll(() => server.close())
const api = () => request(server.app)

describe('PUT of a collection that exists', () => {
  const settings = { keep: 'none', thumbnailSide: 64, hnsw: { m: 8, ef: 50 }, fields: { size: 'number' } }

  it.each([
    [{ keep: 'original' }, 'keep'],
    [{ thumbnailSide: 128 }, 'thumbnailSide'],
    [{ probabilities: false }, 'probabilities'],
    [{ hnsw: { m: 16 } }, 'hnsw.m'],
    [{ hnsw: { m: 8, ef: 51 } }, 'hnsw.ef'],
    [{ fields: { size: 'string' } }, 'fields.size'],
    [{ fields: { constructor: 'string' } }, 'fields.constructor'],
  ])('with %j in place of what it has is refused and changes nothing', async (other, field) => {
    await api().put('/v1/collections/settled').send(settings)
    const before = await api().get('/v1/collections/settled').expect(200)
    const refused = await api().put('/v1/collections/settled').send(other).expect(409)
    expect(refused.body).toMatchObject({
      code: 'COLLECTION_EXISTS',
      field,
      hint: expect.stringContaining('PATCH /v1/collections/settled') as string,
    })
    expect((await api().get('/v1/collections/settled')).body).toEqual(before.body)
  })

  it.each([{}, settings, { keep: 'none' }, { hnsw: { ef: 50 } }, { fields: {} }])(
    'with %j, which is as it is, is answered with it',
    async (same) => {
      await api().put('/v1/collections/settled').send(settings)
      const before = await api().get('/v1/collections/settled').expect(200)
      expect((await api().put('/v1/collections/settled').send(same).expect(200)).body).toEqual(before.body)
    },
  )
})

describe('PATCH /v1/collections/{collection}', () => {
  it.each(['application/json', 'application/merge-patch+json'])(
    'changes what is named and leaves the rest (%s)',
    async (type) => {
      const name = type.includes('merge') ? 'merged' : 'patched'
      const made = await api().put(`/v1/collections/${name}`).expect(201)
      const patched = await api()
        .patch(`/v1/collections/${name}`)
        .type(type)
        .send(
          JSON.stringify({
            hnsw: { ef: 33 },
            keep: 'none',
            thumbnailSide: 128,
            probabilities: false,
            fields: { on: 'date' },
          }),
        )
        .expect(200)
      const { hnsw } = made.body as { hnsw: object }
      const expected = {
        ...(made.body as object),
        hnsw: { ...hnsw, ef: 33 },
        keep: 'none',
        thumbnailSide: 128,
        probabilities: false,
        fields: { on: 'date' },
      }
      expect(patched.body).toEqual(expected)
      const got = await api().get(`/v1/collections/${name}`).expect(200)
      expect(got.body).toEqual(expected)
    },
  )

  it('takes what cannot change where it is as it is, so that settings can be sent back whole', async () => {
    const got = await api().get('/v1/collections/shoes').expect(200)
    const { model, dimensions, hnsw, fields, keep, thumbnailSide, probabilities } = got.body as Record<
      string,
      unknown
    >
    const sent = { model, dimensions, hnsw, fields, keep, thumbnailSide, probabilities }
    expect((await api().patch('/v1/collections/shoes').send(sent).expect(200)).body).toEqual(got.body)
    // As PUT takes it: its name is enough.
    await api().patch('/v1/collections/shoes').send({ model: 'tiny' }).expect(200)
  })

  it.each([
    [{ model: 'wide' }, '/v1/collections/shoes/reindex'],
    [{ model: null }, '/v1/collections/shoes/reindex'],
    [{ dimensions: 24 }, '/v1/collections/shoes/reindex'],
    [{ hnsw: { m: 8 } }, 'alias'],
    [{ hnsw: { efConstruction: 100, ef: 5 } }, 'alias'],
    [{ fields: { size: 'string' } }, 'alias'],
  ])('refuses %j, changes nothing, and says how to get there', async (patch, hint) => {
    await api()
      .patch('/v1/collections/shoes')
      .send({ fields: { size: 'number' } })
      .expect(200)
    const before = await api().get('/v1/collections/shoes')
    const refused = await api().patch('/v1/collections/shoes').send(patch).expect(409)
    expect(refused.body).toMatchObject({
      code: 'SETTING_FIXED',
      hint: expect.stringContaining(hint) as string,
    })
    expect((await api().get('/v1/collections/shoes')).body).toEqual(before.body)
  })

  it.each([
    [{ name: 'boots' }, 'name'],
    [{ keep: null }, 'keep'],
    [{ hnsw: { ef: 0 } }, 'hnsw.ef'],
    [{ thumbnailSide: '64' }, 'thumbnailSide'],
    [{ probabilities: 'yes' }, 'probabilities'],
    [{ fields: { size: null } }, 'fields.size'],
    [[], 'body'],
  ])('refuses %j and names the field', async (patch, field) => {
    const refused = await api().patch('/v1/collections/shoes').send(patch).expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', field })
  })

  it('answers 404 where there is no such collection', async () => {
    const missing = await api().patch('/v1/collections/none').send({}).expect(404)
    expect(missing.body).toMatchObject({ code: 'COLLECTION_NOT_FOUND' })
  })
})

describe('a name that is taken', () => {
  it('by a collection of another model: the hint names reindex, which embeds its items anew', async () => {
    const refused = await api().put('/v1/collections/shoes').send({ model: 'wide' }).expect(409)
    expect(refused.body).toMatchObject({
      code: 'COLLECTION_EXISTS',
      hint: expect.stringContaining('POST /v1/collections/shoes/reindex') as string,
    })
    const without = await api().put('/v1/collections/shoes').send({ dimensions: 3 }).expect(409)
    expect((without.body as { hint: string }).hint).not.toContain('reindex')
  })

  it('by an alias: deleting it deletes nothing, and the hint names both ways to go on', async () => {
    await api().put('/v1/collections/real').expect(201)
    await api().put('/v1/aliases/shop').send({ collection: 'real' }).expect(200)
    const refused = await api().delete('/v1/collections/shop').expect(409)
    expect(refused.body).toMatchObject({
      code: 'NAME_IS_ALIAS',
      hint: 'DELETE /v1/aliases/shop removes the alias, DELETE /v1/collections/real the collection.',
    })
    await api().get('/v1/collections/shop').expect(200)
    await api().delete('/v1/aliases/shop').expect(204)
    await api().delete('/v1/collections/real').expect(204)
  })
})
