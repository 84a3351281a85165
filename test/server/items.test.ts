import { createHash } from 'node:crypto'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer, picture, type TestServer } from './test-server.js'

let server: TestServer
let red: Buffer
beforeAll(async () => {
  server = await openTestServer()
  red = await picture('red')
  await api().put('/v1/collections/shoes').expect(201)
  await api().put('/v1/collections/plain').send({ dimensions: 3 }).expect(201)
})
afterAll(() => server.close())
const api = () => request(server.app)
const at = (id: string, collection = 'shoes') =>
  `/v1/collections/${collection}/items/${encodeURIComponent(id)}`

describe('PUT of an item', () => {
  it('takes a multipart picture with metadata as JSON text and group as bare text', async () => {
    const made = await api()
      .put(at('boot-1'))
      .attach('image', red, 'a picture.bin')
      .field('metadata', '{"colour":"red","price":79.5,"sizes":[38,39],"sold":false}')
      .field('group', 'boots')
      .expect(201)
    expect(made.body).toEqual({
      id: 'boot-1',
      kept: ['original'],
      group: 'boots',
      metadata: { colour: 'red', price: 79.5, sizes: [38, 39], sold: false },
      contentHash: createHash('sha256').update(red).digest('hex'),
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
    })
    const got = await api().get(at('boot-1')).expect(200)
    expect(got.body).toEqual(made.body)
  })

  it('takes base64 in JSON and makes the same embedding of it', async () => {
    await api().put(at('multipart')).attach('image', red, 'x').expect(201)
    const made = await api()
      .put(at('base64'))
      .send({ base64: red.toString('base64'), group: null })
      .expect(201)
    expect(made.body).toMatchObject({ group: null, metadata: {} })
    const [one, other] = await Promise.all(
      ['multipart', 'base64'].map((id) => server.store.getEmbedding('shoes', id)),
    )
    expect(one).toEqual(other)
  })

  it('takes a ready-made embedding and brings it to unit length', async () => {
    const made = await api()
      .put(at('e', 'plain'))
      .send({ embedding: [3, 4, 0] })
      .expect(201)
    expect(made.body).toMatchObject({ contentHash: null })
    const stored = await server.store.getEmbedding('plain', 'e')
    expect([...stored]).toEqual([Math.fround(0.6), Math.fround(0.8), 0])
  })

  it('replaces the whole item: 200, and what is not given is gone', async () => {
    await api()
      .put(at('r', 'plain'))
      .send({ embedding: [1, 0, 0], metadata: { a: 1 }, group: 'g' })
      .expect(201)
    const replaced = await api()
      .put(at('r', 'plain'))
      .send({ embedding: [0, 1, 0] })
      .expect(200)
    expect(replaced.body).toMatchObject({ metadata: {}, group: null })
  })

  it.each(['shoes/left 1.jpg', 'a%2Fb', 'käse/日本.png', '..a', 'delete', ' ', '%', 'a?b#c', "it's+&;:@=,"])(
    'keeps the id %j through percent-encoding',
    async (id) => {
      const made = await api()
        .put(at(id, 'plain'))
        .send({ embedding: [1, 2, 3] })
        .expect(201)
      expect(made.body).toMatchObject({ id })
      const got = await api().get(at(id, 'plain')).expect(200)
      expect(got.body).toMatchObject({ id })
      await api().delete(at(id, 'plain')).expect(204)
    },
  )

  it.each([
    ['%00', 'a control character'],
    ['%C2%85', 'a control character of Latin-1'],
    ['x'.repeat(513), 'too long'],
    ['%2E%2E', 'the parent folder'],
    ['%E2%82%AC'.repeat(171), 'more than 512 bytes in 171 characters'],
  ])('refuses the id %s (%s)', async (encoded) => {
    const refused = await api()
      .put(`/v1/collections/plain/items/${encoded}`)
      .send({ embedding: [1, 2, 3] })
    expect(refused.status).toBe(400)
    expect(['INVALID_REQUEST', 'INVALID_ARGUMENT']).toContain((refused.body as { code: string }).code)
  })

  it.each(['%', '%E0%A4', 'a%zz', '%FF'])('answers 400 to the malformed id %s', async (id) => {
    const refused = await api().get(`/v1/collections/plain/items/${id}`).expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST' })
    expect(refused.type).toBe('application/problem+json')
  })

  it.each([
    ['no source', { metadata: {} }, 'body'],
    ['two sources', { base64: 'AAAA', embedding: [1] }, 'body'],
    ['an unknown field', { embedding: [1, 2, 3], uri: 'http://x' }, 'uri'],
    ['nested metadata', { embedding: [1, 2, 3], metadata: { a: { b: 1 } } }, 'metadata.a'],
    ['metadata that is no object', { embedding: [1, 2, 3], metadata: 'red' }, 'metadata'],
    ['text in an embedding', { embedding: [1, '2', 3] }, 'embedding.1'],
    ['an empty embedding', { embedding: [] }, 'embedding'],
    ['something else than base64', { base64: 'data:image/png;base64,AAAA' }, 'base64'],
  ])('refuses %s and names the field', async (_what, body, field) => {
    const refused = await api().put(at('bad', 'plain')).send(body).expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', field })
  })

  it.each([
    ['the wrong length', [1, 2]],
    ['only zeros', [0, 0, 0]],
    ['a value beyond single precision', [1e300, 0, 0]],
  ])('refuses an embedding of %s', async (_what, embedding) => {
    const refused = await api().put(at('bad', 'plain')).send({ embedding }).expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_EMBEDDING' })
  })

  it('refuses metadata of another type than the field has', async () => {
    await api()
      .put(at('t1', 'plain'))
      .send({ embedding: [1, 2, 3], metadata: { weight: 1 } })
      .expect(201)
    const refused = await api()
      .put(at('t2', 'plain'))
      .send({ embedding: [1, 2, 3], metadata: { weight: 'heavy' } })
      .expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_METADATA' })
  })

  it('refuses a picture where there is no model, and says what to send', async () => {
    const refused = await api().put(at('p', 'plain')).attach('image', red, 'x').expect(409)
    expect(refused.body).toMatchObject({ code: 'MODEL_MISMATCH', hint: 'Send an embedding of 3 values.' })
  })

  it('refuses to write into a collection that is not there', async () => {
    const refused = await api().put(at('x', 'nowhere')).attach('image', red, 'x').expect(404)
    expect(refused.body).toMatchObject({ code: 'COLLECTION_NOT_FOUND' })
  })
})

describe('PATCH of an item', () => {
  it.each(['application/json', 'application/merge-patch+json'])(
    'merges metadata and group (%s)',
    async (type) => {
      const id = `patched ${type}`
      const whole = { embedding: [1, 2, 3], metadata: { a: 1, b: 'x' }, group: 'g' }
      const before = await api().put(at(id, 'plain')).send(whole).expect(201)
      const patched = await api()
        .patch(at(id, 'plain'))
        .type(type)
        .send(JSON.stringify({ metadata: { a: null, c: true }, group: null }))
        .expect(200)
      expect(patched.body).toMatchObject({ id, metadata: { b: 'x', c: true }, group: null })
      expect((patched.body as { metadata: object }).metadata).not.toHaveProperty('a')
      expect((before.body as { contentHash: null }).contentHash).toBeNull()
      const only = await api().patch(at(id, 'plain')).send({ group: 'h' }).expect(200)
      expect(only.body).toMatchObject({ metadata: { b: 'x', c: true }, group: 'h' })
    },
  )

  it('refuses what it cannot change, and an item that is not there', async () => {
    const refused = await api()
      .patch(at('x', 'plain'))
      .send({ embedding: [1, 2, 3] })
      .expect(400)
    expect(refused.body).toMatchObject({ field: 'embedding' })
    const missing = await api().patch(at('missing', 'plain')).send({ group: 'g' }).expect(404)
    expect(missing.body).toMatchObject({ code: 'ITEM_NOT_FOUND' })
  })
})

describe('listing and deleting items', () => {
  it('lists in the order of ids, page by page', async () => {
    await api().put('/v1/collections/list').send({ dimensions: 2 }).expect(201)
    const ids = ['b', 'a', 'ä', 'B', 'a/1']
    for (const id of ids)
      await api()
        .put(at(id, 'list'))
        .send({ embedding: [1, 0] })
        .expect(201)
    const first = await api().get('/v1/collections/list/items?limit=3').expect(200)
    const { items, nextCursor } = first.body as { items: { id: string }[]; nextCursor: string }
    expect(items.map(({ id }) => id)).toEqual(['B', 'a', 'a/1'])
    const second = await api()
      .get('/v1/collections/list/items')
      .query({ limit: 3, cursor: nextCursor })
      .expect(200)
    const rest = second.body as { items: { id: string }[]; nextCursor: null }
    expect(rest.items.map(({ id }) => id)).toEqual(['b', 'ä'])
    expect(rest.nextCursor).toBeNull()
  })

  it('deletes by id, at once, and says how many there were', async () => {
    await api().put('/v1/collections/many').send({ dimensions: 2 }).expect(201)
    for (const id of ['1', '2', '3'])
      await api()
        .put(at(id, 'many'))
        .send({ embedding: [1, 0] })
        .expect(201)
    const deleted = await api()
      .post('/v1/collections/many/items/delete')
      .send({ ids: ['1', '3', 'no'] })
      .expect(200)
    expect(deleted.body).toEqual({ deleted: 2 })
    const left = await api().get('/v1/collections/many').expect(200)
    expect(left.body).toMatchObject({ counts: { items: 1 } })
  })

  it.each([{}, { ids: [] }, { ids: [1] }, { ids: ['a'], all: true }])(
    'refuses to delete by %j',
    async (body) => {
      await api().post('/v1/collections/plain/items/delete').send(body).expect(400)
    },
  )

  it('deletes one item once', async () => {
    await api()
      .put(at('once', 'plain'))
      .send({ embedding: [1, 2, 3] })
      .expect(201)
    await api().delete(at('once', 'plain')).expect(204)
    for (const again of [api().delete(at('once', 'plain')), api().get(at('once', 'plain'))]) {
      const missing = await again.expect(404)
      expect(missing.body).toMatchObject({ code: 'ITEM_NOT_FOUND' })
    }
  })
})
