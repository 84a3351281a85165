import request from 'supertest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DecoderPool } from '../../../src/images/decoding/decoder-pool.js'
import { decodesHere, type PictureDecoder } from '../../../src/images/picture-decoder.js'
import { wideWebp } from '../../images/decoding/slow-pictures.js'
import { openTestServer, picture, type TestServer } from '../test-server.js'

let server: TestServer
const pool = new DecoderPool({ processes: 2, deadlineMs: 300 })
beforeAll(async () => {
  server = await openTestServer({ parts: { decoder: pool } })
  await server.store.createCollection('shoes', { model: server.bundle.model, dimensions: 16 })
})
afterAll(async () => {
  await pool.close()
  await server.close()
})

const search = (image: Buffer) =>
  request(server.app).post('/v1/collections/shoes/search').attach('image', image, 'x')

it('a picture that takes too long to decode is refused by name, and those beside it are answered', async () => {
  const [slow, quick] = await Promise.all([search(await wideWebp()), search(await picture('red'))])
  expect(slow.status).toBe(422)
  expect(slow.body).toMatchObject({
    code: 'IMAGE_TIMEOUT',
    hint: expect.stringContaining('decodeSeconds') as string,
  })
  expect(quick.status).toBe(200)
})

it('an original that takes too long is shown by no thumbnail, and a search does without that one', async () => {
  await server.store.createCollection('originals', {
    model: server.bundle.model,
    dimensions: 16,
    keep: 'original',
  })
  const bytes = await wideWebp()
  const picture = { kind: 'original', mediaType: 'image/webp', bytes } as const
  const embedding = new Float32Array(16).fill(0.25)
  await server.store.putItems('originals', [{ id: 'slow', embedding, contentHash: 'a'.repeat(64), picture }])
  const api = () => request(server.app)
  const shown = await api().get('/v1/collections/originals/items/slow/image?size=thumbnail')
  expect([shown.status, shown.body]).toMatchObject([422, { code: 'IMAGE_TIMEOUT' }])
  const found = await api()
    .post('/v1/collections/originals/search')
    .send({ embedding: [...embedding], include: ['thumbnail'] })
  expect([found.status, found.body]).toMatchObject([200, { results: [{ id: 'slow' }] }])
  expect((found.body as { results: object[] }).results[0]).not.toHaveProperty('thumbnail')
})

it('a picture of which a thumbnail takes too long is not stored, and the field is named', async () => {
  const decoder: PictureDecoder = {
    prepareInput: async (_bytes, transform, options) =>
      decodesHere.prepareInput(await picture('red'), transform, options),
    pictureToKeep: (...args) => pool.pictureToKeep(...args),
  }
  const other = await openTestServer({ parts: { decoder } })
  try {
    await other.store.createCollection('shoes', { model: other.bundle.model, dimensions: 16 })
    const put = await request(other.app)
      .put('/v1/collections/shoes/items/slow')
      .attach('image', await wideWebp(), 'x')
    expect([put.status, put.body]).toMatchObject([422, { code: 'IMAGE_TIMEOUT', field: 'image' }])
    await request(other.app).get('/v1/collections/shoes/items/slow').expect(404)
  } finally {
    await other.close()
  }
})
