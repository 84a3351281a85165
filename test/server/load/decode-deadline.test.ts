import request from 'supertest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DecoderPool } from '../../../src/images/decoding/decoder-pool.js'
import { wideWebp } from '../../images/decoding/slow-pictures.js'
import { openTestServer, picture, type TestServer } from '../test-server.js'

let server: TestServer
const pool = new DecoderPool({ processes: 2, deadlineMs: 300 })
beforeAll(async () => {
  server = await openTestServer({ parts: { prepareInput: (...args) => pool.prepareInput(...args) } })
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
