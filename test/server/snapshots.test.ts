import { readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unitEmbeddings } from '../collections/embedded/support/fixtures.js'
import { openTestServer, type TestServer } from './test-server.js'
import { bytesOf, overFrom } from './watch-job.js'

let server: TestServer
beforeAll(async () => {
  server = await openTestServer({ flags: { maxSnapshotBytes: 400_000 } })
  await server.store.createCollection('shoes', { model: null, dimensions: 16 })
  const items = unitEmbeddings(50, 16).map((embedding, i) => ({ id: `i${i}`, embedding }))
  await server.store.putItems('shoes', items)
  await api().put('/v1/aliases/shop').send({ collection: 'shoes' }).expect(200)
})
afterAll(() => server.close())

const api = () => request(server.app)
const at = (name = '', collection = 'shoes') =>
  `/v1/collections/${collection}/snapshots${name === '' ? '' : `/${name}`}`
const download = (name: string, collection = 'shoes') => bytesOf(api().get(at(name, collection)))
const put = (name: string, content: Buffer, collection = 'shoes') =>
  api().put(at(name, collection)).type('application/x-tar').send(content)
const restore = (body: object, collection = 'shoes') =>
  api().post(`/v1/collections/${collection}/restore`).send(body)
const count = async (collection = 'shoes') => (await server.store.getCollection(collection)).counts.items
const staged = () => readdirSync(path.join(server.config.store, 'snapshots/.staging'))

describe('snapshots', () => {
  it('that are given no name have one of their own each, however soon one comes after the other', async () => {
    await server.store.createCollection('hasty', { model: null, dimensions: 2 })
    const taken = await Promise.all([1, 2, 3].map(() => api().post(at('', 'hasty')).expect(201)))
    const names = taken.map(({ body }) => (body as { name: string }).name)
    expect(new Set(names).size).toBe(3)
    for (const name of names) expect(name).toMatch(/^\d{8}T\d{6}Z(-\d)?$/)
  })

  it('are taken, listed, downloaded, and taken in elsewhere', async () => {
    const taken = await api().post(at()).send({ name: 'monday' }).expect(201)
    expect(taken.body).toMatchObject({
      name: 'monday',
      collection: 'shoes',
      counts: { items: 50 },
      dimensions: 16,
    })
    const unnamed = await api().post(at('', 'shop')).expect(201)
    const listed = await api().get(at('', 'shop')).expect(200)
    expect(listed.body).toEqual({ items: [taken.body, unnamed.body], nextCursor: null, previous: false })

    const packed = put('packed', Buffer.from('x'), 'elsewhere').set('Content-Encoding', 'gzip')
    expect((await packed.expect(415)).body).toMatchObject({ field: 'Content-Encoding' })

    const answer = await api().get(at('monday')).responseType('blob').expect(200)
    const bytes = answer.body as Buffer
    expect(answer.headers).toMatchObject({
      'content-type': 'application/x-tar',
      'content-length': String(bytes.length),
      'content-disposition': 'attachment; filename="shoes-monday.tar"',
    })
    expect(bytes.length).toBe((taken.body as { bytes: number }).bytes)
    const head = await api().head(at('monday')).expect(200)
    expect(head.headers['content-length']).toBe(String(bytes.length))
    const added = await put('carried', bytes, 'elsewhere').expect(201)
    expect(added.body).toMatchObject({ name: 'carried', collection: 'elsewhere', counts: { items: 50 } })
    expect(await download('carried', 'elsewhere')).toEqual(bytes)

    const begun = await restore({ snapshot: 'carried' }, 'elsewhere').expect(202)
    expect(await overFrom(server, begun)).toMatchObject({
      kind: 'restore',
      collection: 'elsewhere',
      source: 'elsewhere/carried',
      state: 'done',
    })
    expect(await count('elsewhere')).toBe(50)
  })

  it('put a collection back, and what was there before back again', async () => {
    await api().post(at()).send({ name: 'before' }).expect(201)
    await server.store.deleteItems('shoes', ['i0', 'i1'])
    await overFrom(server, await restore({ snapshot: 'before' }, 'shop').expect(202))
    expect(await count()).toBe(50)
    const rolledBack = await api().post('/v1/collections/shoes/rollback').expect(200)
    expect(rolledBack.body).toMatchObject({ name: 'shoes', counts: { items: 48 } })
    await api().delete('/v1/collections/shoes/previous').expect(204)
    const none = await api().post('/v1/collections/shoes/rollback').expect(404)
    expect(none.body).toMatchObject({ code: 'PREVIOUS_NOT_FOUND' })
    await overFrom(server, await restore({ snapshot: 'before', into: 'copy' }).expect(202))
    expect([await count(), await count('copy')]).toEqual([48, 50])
    await overFrom(server, await restore({ snapshot: 'before' }).expect(202))
  })

  it('that are torn are refused when they come in', async () => {
    await api().post(at()).send({ name: 'whole' }).expect(201)
    const bytes = await download('whole')
    const flipped = Buffer.from(bytes)
    flipped.writeUInt8(flipped.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1)
    for (const torn of [
      bytes.subarray(0, bytes.length - 2048),
      flipped,
      Buffer.from('no tar'),
      bytes.subarray(0, 700),
    ]) {
      const refused = await put('torn', torn).expect(422)
      expect(refused.body).toMatchObject({ code: 'SNAPSHOT_INVALID' })
    }
    await api().get(at('torn')).expect(404)
    expect(staged()).toEqual([])
  })

  it('that were torn on disk leave the good collection as it is', async () => {
    await api().post(at()).send({ name: 'damaged' }).expect(201)
    const file = path.join(server.config.store, 'snapshots/shoes/damaged.tar')
    truncateSync(file, readFileSync(file).length >> 1)
    const items = await server.store.listItems('shoes', { limit: 1000 })
    const job = await overFrom(server, await restore({ snapshot: 'damaged' }).expect(202))
    expect(job).toMatchObject({ state: 'failed', error: { code: 'SNAPSHOT_INVALID' } })
    expect(await server.store.listItems('shoes', { limit: 1000 })).toEqual(items)
    writeFileSync(file, 'nothing of it is left')
    const refused = await restore({ snapshot: 'damaged' }).expect(422)
    expect(refused.body).toMatchObject({ code: 'SNAPSHOT_INVALID' })
    await api().delete(at('damaged')).expect(204)
  })

  it('that are too large are refused, whether or not they say so beforehand', async () => {
    const large = Buffer.alloc(400_001)
    const refused = await put('large', large).expect(413)
    expect(refused.body).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
    const chunked = api().put(at('large')).type('application/octet-stream')
    chunked.write(large)
    expect((await chunked.expect(413)).body).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
    await api().get(at('large')).expect(404)
    expect(staged()).toEqual([])
  })

  it.each([
    ['a name that is taken', () => api().post(at()).send({ name: 'monday' }), 409, 'SNAPSHOT_EXISTS'],
    ['to take in another under its name', () => put('monday', Buffer.from('x')), 409, 'SNAPSHOT_EXISTS'],
    ['a name that is none', () => api().post(at()).send({ name: '../x' }), 400, 'INVALID_REQUEST'],
    ['of a collection that is not there', () => api().post(at('', 'gone')), 404, 'COLLECTION_NOT_FOUND'],
    ['a download of none', () => api().get(at('none')), 404, 'SNAPSHOT_NOT_FOUND'],
    ['a deletion of none', () => api().delete(at('none')), 404, 'SNAPSHOT_NOT_FOUND'],
    ['a restore of none', () => restore({ snapshot: 'none' }), 404, 'SNAPSHOT_NOT_FOUND'],
    ['a restore into no name', () => restore({ snapshot: 'monday', into: 'A B' }), 400, 'INVALID_REQUEST'],
    [
      'a file that does not say what it is',
      () => api().put(at('x')).type('text/plain').send('x'),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['no file', () => api().put(at('x')), 400, 'INVALID_REQUEST'],
    [
      'to roll back what is not there',
      () => api().post('/v1/collections/gone/rollback'),
      404,
      'COLLECTION_NOT_FOUND',
    ],
    ['to drop it', () => api().delete('/v1/collections/gone/previous'), 404, 'COLLECTION_NOT_FOUND'],
  ])('refuse %s', async (_what, send, status, code) => {
    const refused = await send().expect(status)
    expect(refused.body).toMatchObject({ code })
  })
})

describe('aliases', () => {
  it('stand for a collection, and are listed, moved and removed', async () => {
    await server.store.createCollection('boots', { model: null, dimensions: 2 })
    const made = await api().put('/v1/aliases/current').send({ collection: 'boots' }).expect(200)
    expect(made.body).toEqual({ name: 'current', collection: 'boots' })
    expect((await api().get('/v1/collections/current').expect(200)).body).toMatchObject({ name: 'boots' })
    // By an alias, too.
    await api().put('/v1/aliases/current').send({ collection: 'shop' }).expect(200)
    const listed = await api().get('/v1/aliases').expect(200)
    expect(listed.body).toEqual({
      items: [
        { name: 'current', collection: 'shoes' },
        { name: 'shop', collection: 'shoes' },
      ],
      nextCursor: null,
    })
    expect((await api().get('/v1/aliases/current').expect(200)).body).toMatchObject({ collection: 'shoes' })
    await api().delete('/v1/aliases/current').expect(204)
    for (const gone of [api().get('/v1/aliases/current'), api().delete('/v1/aliases/current')]) {
      expect((await gone.expect(404)).body).toMatchObject({ code: 'ALIAS_NOT_FOUND' })
    }
  })

  it.each([
    ['a name that a collection has', 'boots', { collection: 'shoes' }, 409, 'NAME_TAKEN'],
    ['a collection that is not there', 'x', { collection: 'gone' }, 404, 'COLLECTION_NOT_FOUND'],
    ['a name that is none', 'A', { collection: 'shoes' }, 400, 'INVALID_REQUEST'],
    ['no collection', 'x', {}, 400, 'INVALID_REQUEST'],
  ])('refuse %s', async (_what, name, body, status, code) => {
    const refused = await api().put(`/v1/aliases/${name}`).send(body).expect(status)
    expect(refused.body).toMatchObject({ code })
  })
})
