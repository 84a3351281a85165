import request from 'supertest'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Embedder } from '../../src/embedding/embedder.js'
import type { Job } from '../../src/collections/jobs/job.js'
import { unitEmbeddings } from '../collections/embedded/support/fixtures.js'
import { listen, type ListeningServer } from '../../src/server/listen.js'
import { Lifecycle } from '../../src/server/lifecycle.js'
import { openTestServer, picture, quiet, type TestServer } from './test-server.js'
import { bytesOf, eventsIn, overFrom } from './watch-job.js'

let server: TestServer
let listening: ListeningServer
/** While there is one, embedding waits for it: an import of pictures goes on as long as it is wanted to. */
let gate: Promise<void> | undefined
let open: () => void = () => undefined
let csv: string

const gated = (embedder: Embedder): Embedder => ({
  ...embedder,
  async embed(inputs, options) {
    await gate
    return embedder.embed(inputs, options)
  },
})

beforeAll(async () => {
  server = await openTestServer({
    flags: { maxJobListeners: 2, maxQueuedJobs: 1, maxRunningJobs: 1, maxDuplicates: 50 },
    wrapEmbedder: gated,
  })
  listening = await listen(server.app, {
    ...server.config,
    port: 0,
    shutdownSeconds: 1,
    lifecycle: new Lifecycle(),
    logger: quiet,
  })
  await api().put('/v1/collections/shoes').expect(201)
  csv = `id,image\nred,"data:image/jpeg;base64,${(await picture('red')).toString('base64')}"\n`
})
afterAll(async () => {
  open()
  await listening.stop()
  await server.close()
})
beforeEach(() => {
  open()
  gate = undefined
})

const api = () => request(server.app)
const importing = (collection = 'shoes') =>
  api().post(`/v1/collections/${collection}/imports`).attach('file', Buffer.from(csv), 'c.csv')
/** Rows of a held job: more than are under way at a time, so that it can be stopped between them. */
const heldRows = 300

/** A job that runs until the gate is opened. */
async function held(): Promise<Job> {
  gate = new Promise((resolve) => {
    open = resolve
  })
  // Another picture each time: one that is known is not embedded.
  const colour = `#${Math.floor(Math.random() * 0xffffff)
    .toString(16)
    .padStart(6, '0')}`
  const uri = `data:image/jpeg;base64,${(await picture(colour)).toString('base64')}`
  csv = ['id,image', ...Array.from({ length: heldRows }, (_, n) => `x-${n},"${uri}"`), ''].join('\n')
  return (await importing().expect(202)).body as Job
}
async function filled(name: string, count: number, spread = 10): Promise<void> {
  await api().put(`/v1/collections/${name}`).send({ dimensions: 16 }).expect(201)
  const embeddings = unitEmbeddings(count, 16)
  const items = embeddings.map((embedding, i) => ({ id: `i${i}`, embedding, metadata: { part: i % spread } }))
  for (let n = 0; n < count; n += 1000) await server.store.putItems(name, items.slice(n, n + 1000))
}

describe('jobs', () => {
  it('are listed by pages, the newest first, and known by their id', async () => {
    const first = await overFrom(server, await importing().expect(202))
    const second = await overFrom(server, await importing().expect(202))
    const page = await api().get('/v1/jobs').query({ limit: 1 }).expect(200)
    const { items, nextCursor } = page.body as { items: Job[]; nextCursor: string }
    expect(items).toEqual([second])
    const next = await api().get('/v1/jobs').query({ limit: 1, cursor: nextCursor }).expect(200)
    expect((next.body as { items: Job[] }).items).toEqual([first])
    const got = await api().get(`/v1/jobs/${first.id}`).expect(200)
    expect(got.body).toEqual(first)
    const refused = await api().get('/v1/jobs').query({ cursor: 'none' }).expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_CURSOR' })
  })

  it.each([
    ['get', ''],
    ['delete', ''],
    ['get', '/errors'],
    ['get', '/result'],
    ['get', '/events'],
  ] as const)('that are not there are not found: %s %s', async (method, rest) => {
    const missing = await api()[method](`/v1/jobs/none${rest}`).expect(404)
    expect(missing.body).toMatchObject({ code: 'JOB_NOT_FOUND' })
    expect(missing.type).toBe('application/problem+json')
  })

  it('are cancelled, keep their record, and have no result before they are done', async () => {
    const job = await held()
    const unfinished = await api().get(`/v1/jobs/${job.id}/result`).expect(409)
    expect(unfinished.body).toMatchObject({ code: 'JOB_UNFINISHED' })
    await api().delete(`/v1/jobs/${job.id}`).expect(200)
    open()
    expect((await server.jobs.finished(job.id)).state).toBe('cancelled')
    const again = await api().delete(`/v1/jobs/${job.id}`).expect(200)
    expect(again.body).toMatchObject({ id: job.id, state: 'cancelled' })
  })

  it('of a collection that is deleted are cancelled, and touch nothing of the next one of its name', async () => {
    await filled('former', 3)
    const running = await held()
    const begun = await api()
      .post('/v1/collections/former/items/delete')
      .send({ filter: {}, all: true })
      .expect(202)
    const waiting = begun.body as Job
    expect(waiting.state).toBe('queued')
    await api().delete('/v1/collections/former').expect(204)
    await filled('former', 2)
    expect(server.jobs.get(waiting.id)).toMatchObject({ state: 'cancelled', deleted: 0 })
    open()
    await server.jobs.finished(running.id)
    expect((await server.store.getCollection('former')).counts.items).toBe(2)
  })

  it('of a collection that is deleted stop where they run, and write into no other of its name', async () => {
    const job = await held()
    await api().delete('/v1/collections/shoes').expect(204)
    await api().put('/v1/collections/shoes').expect(201)
    open()
    // It may have met the end of its collection by itself.
    expect(['cancelled', 'failed']).toContain((await server.jobs.finished(job.id)).state)
    expect((await server.store.getCollection('shoes')).counts.items).toBe(0)
  })

  it('wait for their turn, and are refused when too many wait', async () => {
    const running = await held()
    const waiting = (await importing().expect(202)).body as Job
    expect(waiting.state).toBe('queued')
    const refused = await importing().expect(503)
    expect(refused.body).toMatchObject({ code: 'JOBS_FULL' })
    expect(refused.headers['retry-after']).toBe('1')
    const cancelled = await api().delete(`/v1/jobs/${waiting.id}`).expect(200)
    expect(cancelled.body).toMatchObject({ state: 'cancelled' })
    open()
    expect((await server.jobs.finished(running.id)).state).toBe('done')
  })
})

describe('events of a job', () => {
  const follow = (id: string, init: RequestInit = {}) => fetch(`${listening.url}/v1/jobs/${id}/events`, init)

  it('come as it goes on, and end with it', async () => {
    const job = await held()
    const answer = await follow(job.id)
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    open()
    const events = eventsIn(await answer.text())
    expect(events[0]).toMatchObject({ event: 'progress', job: { id: job.id, state: 'running' } })
    expect(events.slice(1, -1).every(({ event }) => event === 'progress')).toBe(true)
    expect(events.at(-1)).toMatchObject({ event: 'end', job: { state: 'done', counts: { total: heldRows } } })
  })

  it('of one that is over are its end', async () => {
    const job = await overFrom(server, await importing().expect(202))
    const events = eventsIn(await (await follow(job.id)).text())
    expect(events.map(({ event }) => event)).toEqual(['progress', 'end'])
    await fetch(`${listening.url}/v1/jobs/${job.id}/events`, { method: 'HEAD' })
  })

  it('leave the job alone when the client leaves, and are for so many clients at a time', async () => {
    const job = await held()
    const leaving = new AbortController()
    const first = await follow(job.id, { signal: leaving.signal })
    const second = await follow(job.id)
    const refused = await follow(job.id)
    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_LISTENERS' })
    leaving.abort()
    await expect(first.text()).rejects.toThrow()
    // Its place is free as soon as the server has noticed.
    await expect.poll(async () => (await follow(job.id, { method: 'HEAD' })).status).toBe(200)
    open()
    expect(eventsIn(await second.text()).at(-1)).toMatchObject({ event: 'end', job: { state: 'done' } })
  })
})

describe('a deletion by filter', () => {
  it('is a job that searches come between', async () => {
    await filled('parts', 6000)
    const [embedding] = unitEmbeddings(1, 16)
    const begun = await api()
      .post('/v1/collections/parts/items/delete')
      .send({ filter: { part: { lt: 5 } } })
      .expect(202)
    const { id } = begun.body as Job
    expect(begun.body).toMatchObject({ kind: 'delete', collection: 'parts', source: '{"part":{"lt":5}}' })
    const totals = new Set<number>()
    while (server.jobs.get(id).state !== 'done') {
      const found = await api()
        .post('/v1/collections/parts/search')
        .send({ embedding: [...(embedding ?? [])], k: 1, include: [] })
        .expect(200)
      totals.add((found.body as { total: number }).total)
    }
    expect(server.jobs.get(id)).toMatchObject({ deleted: 3000, counts: { total: 3000 } })
    expect([...totals].every((total) => total >= 3000 && total <= 6000)).toBe(true)
    const left = await api().get('/v1/collections/parts').expect(200)
    expect(left.body).toMatchObject({ counts: { items: 3000 } })
  })

  it('is refused where it would delete all, unless it says so', async () => {
    await filled('few', 3)
    const remove = (body: object) => api().post('/v1/collections/few/items/delete').send(body)
    for (const filter of [{}, { and: [] }, { or: [{}, { part: { eq: 1 } }] }]) {
      const refused = await remove({ filter }).expect(400)
      expect(refused.body).toMatchObject({ code: 'INVALID_FILTER', hint: 'Say so with "all": true.' })
    }
    expect((await remove({ filter: { part: { near: 1 } } }).expect(400)).body).toMatchObject({
      code: 'INVALID_FILTER',
    })
    expect((await remove({ ids: ['a'], all: true }).expect(400)).body).toMatchObject({ field: 'all' })
    expect((await remove({ ids: ['a'], filter: {} }).expect(400)).body).toMatchObject({
      code: 'INVALID_REQUEST',
    })
    const job = await overFrom(server, await remove({ filter: {}, all: true }).expect(202))
    expect(job).toMatchObject({ state: 'done', deleted: 3 })
    const gone = api()
      .post('/v1/collections/gone/items/delete')
      .send({ filter: { a: { eq: 1 } } })
    expect((await gone.expect(404)).body).toMatchObject({ code: 'COLLECTION_NOT_FOUND' })
  })
})

describe('a search for duplicates', () => {
  it('has groups as its result, by pages or whole', async () => {
    await filled('twins', 40)
    const copies = [1, 2, 3].map((n) => ({ id: `copy-${n}`, of: n === 3 ? 'i2' : 'i1' }))
    for (const { id, of } of copies) {
      await server.store.putItems('twins', [{ id, embedding: await server.store.getEmbedding('twins', of) }])
    }
    const begun = await api().post('/v1/collections/twins/duplicates').send({ threshold: 0.99 }).expect(202)
    const job = await overFrom(server, begun)
    expect(job).toMatchObject({ kind: 'duplicates', state: 'done', counts: { total: 43 } })
    const at = `/v1/jobs/${job.id}/result`
    const first = await api().get(at).query({ limit: 1 }).expect(200)
    const { items, nextCursor } = first.body as { items: unknown[]; nextCursor: string }
    expect(items).toEqual([{ items: ['copy-1', 'copy-2', 'i1'].map((id) => ({ id, similarity: 1 })) }])
    const second = await api().get(at).query({ cursor: nextCursor }).expect(200)
    expect(second.body).toEqual({
      items: [{ items: ['copy-3', 'i2'].map((id) => ({ id, similarity: 1 })) }],
      nextCursor: null,
    })
    const whole = await bytesOf(api().get(at).accept('application/jsonl'))
    const lines = whole.toString().trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      ...items,
      ...(second.body as { items: unknown[] }).items,
    ])
  })

  it('fails where there are too many, and is refused a threshold that says nothing', async () => {
    await api().put('/v1/collections/same').send({ dimensions: 2 }).expect(201)
    const same = Array.from({ length: 51 }, (_, n) => ({ id: `${n}`, embedding: Float32Array.of(1, 0) }))
    await server.store.putItems('same', same)
    const begun = await api().post('/v1/collections/same/duplicates').send({ threshold: 0.9 }).expect(202)
    expect(await overFrom(server, begun)).toMatchObject({
      state: 'failed',
      error: { code: 'TOO_MANY_DUPLICATES' },
    })
    for (const body of [{}, { threshold: 0.4 }, { threshold: 1.1 }]) {
      await api().post('/v1/collections/same/duplicates').send(body).expect(400)
    }
    await api().post('/v1/collections/gone/duplicates').send({ threshold: 0.9 }).expect(404)
  })
})

describe('the list of jobs', () => {
  it('is of those that are asked for', async () => {
    await api().put('/v1/collections/listed').expect(201)
    const { id } = await server.jobs.findDuplicates('listed', { threshold: 0.9 })
    await server.jobs.finished(id)
    const listed = async (query: string) =>
      ((await api().get(`/v1/jobs?${query}`).expect(200)).body as { items: Job[] }).items.map((job) => job.id)
    expect(await listed('collection=listed&kind=duplicates&state=done')).toEqual([id])
    expect(await listed('collection=listed&state=failed')).toEqual([])
    expect(await listed('collection=listed&kind=import')).toEqual([])
    expect(await listed('collection=nowhere')).toEqual([])
    await api().put('/v1/aliases/called').send({ collection: 'listed' }).expect(200)
    expect(await listed('collection=called')).toEqual([id])
    // Its jobs are told of when the collection is gone.
    await api().delete('/v1/aliases/called').expect(204)
    await api().delete('/v1/collections/listed').expect(204)
    expect(await listed('collection=listed')).toEqual([id])
    expect(await listed('collection=called')).toEqual([])
    const refused = await api().get('/v1/jobs?state=over').expect(400)
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', field: 'state' })
  })
})
