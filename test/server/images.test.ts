import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import request from 'supertest'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer, picture, type TestServer } from './test-server.js'

let server: TestServer
beforeAll(async () => {
  server = await openTestServer()
})
afterAll(() => server.close())
const api = () => request(server.app)

const photo = (background: string, format: 'jpeg' | 'png' = 'jpeg') =>
  sharp({ create: { width: 900, height: 600, channels: 3, background } })
    .toFormat(format)
    .toBuffer()
const put = (collection: string, id: string, image: Buffer) =>
  api().put(`/v1/collections/${collection}/items/${id}`).attach('image', image, 'x')
const imageOf = (collection: string, id: string, size = 'thumbnail') =>
  api().get(`/v1/collections/${collection}/items/${id}/image?size=${size}`)

describe('the picture of an item', () => {
  it('is a thumbnail of the setting of the collection, which no cache shows unasked', async () => {
    await api().put('/v1/collections/small').send({ thumbnailSide: 64 }).expect(201)
    const made = await put('small', 'a', await photo('#336699')).expect(201)
    expect(made.body).toMatchObject({ kept: ['thumbnail'] })
    const answer = await api().get('/v1/collections/small/items/a/image').expect(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
      'content-length': String((answer.body as Buffer).length),
    })
    expect(await sharp(answer.body as Buffer).metadata()).toMatchObject({ width: 96, height: 64 })
    const missing = await imageOf('small', 'a', 'original').expect(404)
    expect(missing.body).toMatchObject({ code: 'IMAGE_NOT_KEPT', hint: 'Ask for size=thumbnail.' })
  })

  it('is not sent again to whoever has it, and is after it was replaced', async () => {
    await api().put('/v1/collections/cached').expect(201)
    await put('cached', 'a', await photo('#111111')).expect(201)
    const { etag = '' } = (await imageOf('cached', 'a').expect(200)).headers as { etag?: string }
    expect(etag).toMatch(/^"[^"]+"$/)
    const same = await imageOf('cached', 'a').set('If-None-Match', etag).expect(304)
    expect(same.text).toBe('')
    await put('cached', 'a', await photo('#222222')).expect(200)
    await imageOf('cached', 'a').set('If-None-Match', etag).expect(200)
  })

  it('is the very file where originals are kept, and a thumbnail is made of it', async () => {
    await api().put('/v1/collections/whole').send({ keep: 'original' }).expect(201)
    const bytes = await photo('#00aa00', 'png')
    await put('whole', 'a', bytes).expect(201)
    const original = await imageOf('whole', 'a', 'original').expect(200)
    expect(original.headers).toMatchObject({ 'content-type': 'image/png' })
    expect(bytes.equals(original.body as Buffer)).toBe(true)
    const thumbnail = await imageOf('whole', 'a').expect(200)
    expect(await sharp(thumbnail.body as Buffer).metadata()).toMatchObject({ format: 'jpeg', height: 320 })
    expect(thumbnail.headers['etag']).not.toBe(original.headers['etag'])
  })

  it('comes in its own media type, or is refused to whoever wants another', async () => {
    await api().put('/v1/collections/typed').send({ keep: 'original' }).expect(201)
    await put('typed', 'a', await photo('#00aa00')).expect(201)
    const asked = (accept: string) => imageOf('typed', 'a', 'original').accept(accept)
    for (const accept of ['image/jpeg', 'image/*', '*/*', 'image/png, image/*;q=0.1']) {
      expect((await asked(accept).expect(200)).type, accept).toBe('image/jpeg')
    }
    for (const accept of ['image/png', 'image/webp, image/avif', 'image/*, image/jpeg;q=0']) {
      const refused = await asked(accept).expect(406)
      expect(refused.body, accept).toMatchObject({
        code: 'NOT_ACCEPTABLE',
        field: 'Accept',
        detail: 'There is an answer in image/jpeg',
      })
      expect(refused.headers['etag'], accept).toBeUndefined()
    }
  })

  it('is read where it was indexed from, while that file is the same', async () => {
    const file = path.join(server.folder, 'photo.jpg')
    const bytes = await photo('#0000aa')
    writeFileSync(file, bytes)
    const { collection } = await server.store.createCollection('paths', {
      model: null,
      dimensions: 2,
      keep: 'path',
    })
    const { createHash } = await import('node:crypto')
    const contentHash = createHash('sha256').update(bytes).digest('hex')
    await server.store.putItems(collection.name, [
      { id: 'a', embedding: Float32Array.of(1, 0), contentHash, path: file },
    ])
    const answer = await imageOf('paths', 'a', 'original').expect(200)
    expect(bytes.equals(answer.body as Buffer)).toBe(true)
    // Where the file lies is nobody's business.
    expect((await api().get('/v1/collections/paths/items/a').expect(200)).text).not.toContain(server.folder)
    writeFileSync(file, await photo('#ff7700'))
    await imageOf('paths', 'a').expect(404)
    rmSync(file)
    expect((await imageOf('paths', 'a').expect(404)).body).toMatchObject({ code: 'IMAGE_NOT_KEPT' })
  })

  it.each([
    ['embeddings made elsewhere', 'ready', {}],
    ['collections that keep none', 'none', { keep: 'none' }],
  ])('is not there for %s', async (_, name, spec) => {
    await api().put(`/v1/collections/${name}`).send(spec).expect(201)
    if (name === 'none') await put(name, 'a', await picture('red')).expect(201)
    else {
      const embedding = Array.from({ length: 16 }, (_value, at) => at + 1)
      await api().put(`/v1/collections/${name}/items/a`).send({ embedding }).expect(201)
    }
    expect((await imageOf(name, 'a').expect(404)).body).toMatchObject({ code: 'IMAGE_NOT_KEPT' })
    expect((await imageOf(name, 'b').expect(404)).body).toMatchObject({ code: 'ITEM_NOT_FOUND' })
  })
})

describe('thumbnails in the answer to a search', () => {
  const search = (body: object, collection = 'shown') =>
    api().post(`/v1/collections/${collection}/search`).send(body)
  beforeAll(async () => {
    await api().put('/v1/collections/shown').send({ thumbnailSide: 64 }).expect(201)
    await put('shown', 'a', await photo('#336699'))
      .field('group', 'g')
      .expect(201)
    await put('shown', 'b', await photo('#339966'))
      .field('group', 'g')
      .expect(201)
    const embedding = Array.from({ length: 16 }, (_, at) => at + 1)
    await api().put('/v1/collections/shown/items/made').send({ embedding }).expect(201)
  })

  interface Shown {
    readonly id: string
    readonly thumbnail?: string
    readonly items?: readonly Shown[]
  }
  const resultsOf = (answer: { body: unknown }) => (answer.body as { results: Shown[] }).results

  it('come as data URIs, of the items of which something is kept', async () => {
    const results = resultsOf(await search({ itemId: 'a', include: ['thumbnail'] }).expect(200))
    expect(results.map(({ id }) => id).sort()).toEqual(['b', 'made'])
    const { thumbnail = '' } = results.find(({ id }) => id === 'b') ?? {}
    const image = (await imageOf('shown', 'b').expect(200)).body as Buffer
    expect(thumbnail).toBe(`data:image/jpeg;base64,${image.toString('base64')}`)
    expect(results.find(({ id }) => id === 'made')).not.toHaveProperty('thumbnail')
    const without = resultsOf(await search({ itemId: 'a' }).expect(200))
    expect(without.every((result) => !('thumbnail' in result))).toBe(true)
  })

  it('come with the items of groups', async () => {
    const body = { itemId: 'made', groupBy: 'group', include: ['thumbnail'] }
    const [group] = resultsOf(await search(body).expect(200))
    expect(group?.items?.map(({ thumbnail }) => thumbnail?.slice(0, 23))).toEqual([
      'data:image/jpeg;base64,',
      'data:image/jpeg;base64,',
    ])
  })

  it('are bounded, in one answer and in a batch', async () => {
    const tooMany = await search({ itemId: 'a', k: 101, include: ['thumbnail'] }).expect(400)
    expect(tooMany.body).toMatchObject({ code: 'INVALID_REQUEST', field: 'k' })
    await search({ itemId: 'a', k: 50, groupBy: 'group', include: ['thumbnail'] }).expect(400)
    const query = { itemId: 'a', k: 60, include: ['thumbnail'] }
    const batch = await api()
      .post('/v1/collections/shown/search/batch')
      .send({ queries: [query, { ...query, k: 50 }] })
      .expect(200)
    expect(batch.body).toMatchObject({ answers: [{ code: 'INVALID_REQUEST' }, { results: [{}, {}] }] })
  })
})
