import request from 'supertest'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer, picture, type TestServer } from './test-server.js'
import { overFrom } from './watch-job.js'

let server: TestServer
/** Holds up the embedder of the default model while it is there. */
let gate: Promise<void> | null = null
let held = 0
beforeAll(async () => {
  server = await openTestServer({
    wrapEmbedder: (embedder) => ({
      ...embedder,
      async embed(inputs, options) {
        if (gate !== null && embedder.model.startsWith('tiny@')) {
          held++
          await gate
        }
        return embedder.embed(inputs, options)
      },
    }),
  })
})
afterEach(() => {
  gate = null
})
afterAll(() => server.close())
const api = () => request(server.app)

describe('a change of model', () => {
  it('is a job, after which the server answers with the new model, until it is taken back', async () => {
    await api().put('/v1/collections/shop').expect(201)
    for (const colour of ['red', 'green', 'blue']) {
      await api()
        .put(`/v1/collections/shop/items/${colour}`)
        .attach('image', await picture(colour), 'x')
        .expect(201)
    }
    const begun = await api().post('/v1/collections/shop/reindex').send({ model: 'wide' }).expect(202)
    const job = await overFrom(server, begun)
    expect(job).toMatchObject({
      kind: 'reindex',
      state: 'done',
      counts: { total: 3, embedded: 3, unchanged: 0, failed: 0 },
    })
    const wide = (await server.models.find('wide')).model
    const asked = await api()
      .post('/v1/collections/shop/search')
      .attach('image', await picture('green'), 'x')
      .expect(200)
    expect(asked.body).toMatchObject({ model: wide, results: [{ id: 'green' }, {}, {}] })
    await api()
      .put('/v1/collections/shop/items/white')
      .attach('image', await picture('white'), 'x')
      .expect(201)
    const old = Array.from({ length: 16 }, (_, at) => at + 1)
    const refused = await api().post('/v1/collections/shop/search').send({ embedding: old }).expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_EMBEDDING' })

    await api().post('/v1/collections/shop/rollback').expect(200)
    const back = await api()
      .post('/v1/collections/shop/search')
      .attach('image', await picture('green'), 'x')
      .expect(200)
    expect(back.body).toMatchObject({
      model: server.bundle.model,
      total: 3,
      results: [{ id: 'green' }, {}, {}],
    })
  })

  it('is no matter to a search that was under way: it is answered with the model that is there by then', async () => {
    await api().put('/v1/collections/busy').expect(201)
    await api()
      .put('/v1/collections/busy/items/a')
      .attach('image', await picture('red'), 'x')
      .expect(201)
    let open = (): void => undefined
    gate = new Promise((resolve) => {
      open = resolve
    })
    const search = api()
      .post('/v1/collections/busy/search')
      .attach('image', await picture('red'), 'x')
      .then((answer) => answer)
    await expect.poll(() => held, { timeout: 20_000 }).toBeGreaterThan(0)
    await overFrom(
      server,
      await api().post('/v1/collections/busy/reindex').send({ model: 'wide' }).expect(202),
    )
    gate = null
    open()
    const answer = await search
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      model: (await server.models.find('wide')).model,
      results: [{ id: 'a' }],
    })
  })

  it('of a collection that is rolled back meanwhile fails, and what was rolled back to stays', async () => {
    await api().put('/v1/collections/back').expect(201)
    await api()
      .put('/v1/collections/back/items/a')
      .attach('image', await picture('red'), 'x')
      .expect(201)
    const reindex = (model: string) => api().post('/v1/collections/back/reindex').send({ model }).expect(202)
    await overFrom(server, await reindex('wide'))
    let open = (): void => undefined
    held = 0
    gate = new Promise((resolve) => {
      open = resolve
    })
    const begun = await reindex('tiny')
    await expect.poll(() => held, { timeout: 20_000 }).toBeGreaterThan(0)
    await api().post('/v1/collections/back/rollback').expect(200)
    gate = null
    open()
    expect(await overFrom(server, begun)).toMatchObject({
      state: 'failed',
      error: { code: 'SUCCESSOR_GONE' },
    })
    const back = await api().get('/v1/collections/back').expect(200)
    expect(back.body).toMatchObject({ model: server.bundle.model, counts: { items: 1 } })
  })

  it('of which too much would be lost fails and says what, and goes on where that is allowed', async () => {
    await api().put('/v1/collections/half').expect(201)
    await api()
      .put('/v1/collections/half/items/a')
      .attach('image', await picture('red'), 'x')
      .expect(201)
    const embedding = Array.from({ length: 16 }, (_, at) => at + 1)
    await api().put('/v1/collections/half/items/b').send({ embedding }).expect(201)
    const first = await overFrom(
      server,
      await api().post('/v1/collections/half/reindex').send({ model: 'wide' }).expect(202),
    )
    expect(first).toMatchObject({ state: 'failed', error: { code: 'REINDEX_INCOMPLETE' } })
    const errors = await api().get(`/v1/jobs/${first.id}/errors`).expect(200)
    expect(errors.body).toMatchObject({ items: [{ id: 'b', code: 'IMAGE_NOT_KEPT' }] })
    expect((await api().get('/v1/collections/half').expect(200)).body).toMatchObject({
      model: server.bundle.model,
    })
    const second = await overFrom(
      server,
      await api()
        .post('/v1/collections/half/reindex')
        .send({ model: 'wide', allowMissing: true })
        .expect(202),
    )
    expect(second).toMatchObject({
      state: 'done',
      counts: { total: 2, embedded: 0, unchanged: 1, failed: 1 },
    })
  })

  it('to the model that is there, or to none that is, is refused before there is a job', async () => {
    await api().put('/v1/collections/same').expect(201)
    const same = await api().post('/v1/collections/same/reindex').send({ model: 'tiny' }).expect(400)
    expect(same.body).toMatchObject({ code: 'INVALID_REQUEST' })
    const none = await api().post('/v1/collections/same/reindex').send({ model: 'nowhere' }).expect(404)
    expect(none.body).toMatchObject({ code: 'MODEL_NOT_FOUND' })
  })
})
