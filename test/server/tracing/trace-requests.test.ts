import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import request from 'supertest'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { openTestServer, picture, type TestServer } from '../test-server.js'

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
const lines: string[] = []
let server: TestServer

beforeAll(async () => {
  provider.register()
  const sink = new PassThrough()
  sink.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  server = await openTestServer({ flags: { picturesAtOnce: 1 }, parts: { logger: pino({}, sink) } })
  await server.store.createCollection('shoes', { model: server.bundle.model, dimensions: 16 })
})
afterEach(() => {
  exporter.reset()
})
afterAll(async () => {
  await server.close()
  await provider.shutdown()
})

const search = async (trace: string, { as = 'image', query = '' } = {}) =>
  request(server.app)
    .post(`/v1/collections/shoes/search${query}`)
    .set('traceparent', `00-${trace}-00f067aa0ba902b7-01`)
    .attach(as, await picture('red'), 'x')
const trace = (digit: string) => digit.repeat(32)
const spansOf = (id: string) =>
  exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === id)

it('makes one span of a request, below that of whoever asked, and its stages the children', async () => {
  await search(trace('a'))
  await expect.poll(() => spansOf(trace('a'))).toHaveLength(4)
  const root = spansOf(trace('a')).find(({ name }) => name.startsWith('POST'))
  expect(root?.name).toBe('POST /v1/collections/{collection}/search')
  expect(root?.parentSpanContext?.spanId).toBe('00f067aa0ba902b7')
  expect(root?.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/v1/collections/{collection}/search',
    'url.path': '/v1/collections/shoes/search',
    'http.response.status_code': 200,
    'kindred.operation': 'search',
  })
  for (const stage of ['decode', 'embed', 'search']) {
    const child = spansOf(trace('a')).find(({ name }) => name === stage)
    expect(child?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId)
    expect((child?.duration[0] ?? 0) + (child?.duration[1] ?? 0)).toBeGreaterThan(0)
  }
})

it('keeps the stages of requests that wait for each other apart', async () => {
  const digits = ['1', '2', '3', '4', '5', '6']
  await Promise.all(digits.map((digit) => search(trace(digit))))
  for (const digit of digits) await expect.poll(() => spansOf(trace(digit))).toHaveLength(4)
})

it('has neither query nor fields of a request in it, and its ids in the log', async () => {
  await search(trace('b'), { as: 'hush-hush', query: '?hush-hush=1' })
  await expect.poll(() => spansOf(trace('b'))).toHaveLength(1)
  const [span] = spansOf(trace('b'))
  expect(span?.attributes['http.response.status_code']).toBe(400)
  expect(JSON.stringify(span?.attributes)).not.toContain('hush-hush')
  expect(lines.join('')).toContain(`"traceId":"${trace('b')}"`)
})

it('names what is none of the contract by its method alone', async () => {
  await request(server.app)
    .get('/v1/made-up')
    .set('traceparent', `00-${trace('c')}-00f067aa0ba902b7-01`)
  await expect.poll(() => spansOf(trace('c')).map(({ name }) => name)).toEqual(['GET'])
})
