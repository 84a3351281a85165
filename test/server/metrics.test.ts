import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mostCollections } from '../../src/server/metrics/collection-gauges.js'
import { openTestServer, picture, type TestServer } from './test-server.js'

let server: TestServer
beforeAll(async () => {
  server = await openTestServer()
  await api().put('/v1/collections/shoes').expect(201)
  await api()
    .put('/v1/collections/shoes/items/a')
    .attach('image', await picture('red'), 'x')
    .expect(201)
})
afterAll(() => server.close())
const api = () => request(server.app)

/** Values by name and labels. */
async function scrape(): Promise<Map<string, number>> {
  const { text, type } = await api().get('/metrics').expect(200)
  expect(type).toBe('text/plain')
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  )
}

/** What a series has grown by while something was done. */
async function growth(series: string, work: () => Promise<unknown>): Promise<number> {
  const before = (await scrape()).get(series) ?? 0
  await work()
  return ((await scrape()).get(series) ?? 0) - before
}

const search = async () =>
  api()
    .post('/v1/collections/shoes/search')
    .attach('image', await picture('red'), 'x')
    .expect(200)

describe('/metrics', () => {
  it('counts and times requests by operation and status', async () => {
    expect(await growth('kindred_requests_total{operation="search",status="200"}', search)).toBe(1)
    expect(await growth('kindred_request_seconds_count{operation="search"}', search)).toBe(1)
    const missing = () => api().get('/v1/collections/shoes/items/none').expect(404)
    expect(await growth('kindred_requests_total{operation="getItem",status="404"}', missing)).toBe(1)
  })

  it('times decode, embed and search', async () => {
    for (const stage of ['decode', 'embed', 'search']) {
      expect(await growth(`kindred_stage_seconds_count{stage="${stage}"}`, search)).toBe(1)
      expect(await growth(`kindred_stage_seconds_sum{stage="${stage}"}`, search)).toBeGreaterThan(0)
    }
  })

  it('tells how many pictures wait, the size of collections, the lag of the event loop and memory', async () => {
    const metrics = await scrape()
    expect(metrics.get('kindred_pictures_running')).toBe(0)
    expect(metrics.get('kindred_pictures_waiting')).toBe(0)
    expect(metrics.get('kindred_collection_items{collection="shoes"}')).toBe(1)
    expect(metrics.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0)
    expect(metrics.get('process_resident_memory_bytes')).toBeGreaterThan(1e6)
  })

  it('tells the files of collections, and the graphs of those that are in use', async () => {
    await api().put('/v1/collections/idle').expect(201)
    const metrics = await scrape()
    expect(metrics.get('kindred_collection_disk_bytes{collection="shoes"}')).toBeGreaterThan(4096)
    expect(metrics.get('kindred_collection_disk_bytes{collection="idle"}')).toBeGreaterThan(4096)
    // One item is compared with: a graph of it would be slower.
    expect(metrics.get('kindred_collection_graph_points{collection="shoes"}')).toBe(0)
    expect(metrics.has('kindred_collection_graph_points{collection="idle"}')).toBe(false)
  })

  it('tells the memory of the processes that decode', async () => {
    const parts = { decoders: [4e7, 3e7].map((bytes) => ({ residentBytes: () => Promise.resolve(bytes) })) }
    const measured = await openTestServer({ parts })
    const { text } = await request(measured.app).get('/metrics').expect(200)
    expect(text).toContain('\nkindred_decoder_resident_bytes 70000000\n')
    await measured.close()
  })

  it('counts jobs by kind and state', async () => {
    const counts = 'kindred_jobs{kind="duplicates",state="done"}'
    const look = async () => {
      const { id } = await server.jobs.findDuplicates('shoes', { threshold: 0.9 })
      await server.jobs.finished(id)
    }
    expect(await growth(counts, look)).toBe(1)
    expect(await growth(counts, look)).toBe(1)
  })

  it('has no series for what a stranger makes up', async () => {
    const before = (await scrape()).size
    for (let i = 0; i < 20; i++) {
      await api().get(`/v1/made-up-${i}`).expect(404)
      await api().get(`/v1/collections/none-${i}/items/x`).expect(404)
      await api().patch(`/${i}`).expect(404)
    }
    // Buckets and counts of the operations and statuses above, once.
    expect((await scrape()).size - before).toBeLessThan(40)
  })

  it('names a bounded number of collections', async () => {
    for (let i = 0; i < mostCollections + 5; i++) {
      await server.store.createCollection(`many-${i}`, { model: null, dimensions: 2 })
    }
    const named = [...(await scrape()).keys()].filter((key) => key.startsWith('kindred_collection_items'))
    expect(named).toHaveLength(mostCollections)
  })
})
