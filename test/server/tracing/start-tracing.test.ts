import { trace } from '@opentelemetry/api'
import { createServer, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { startTracing } from '../../../src/server/tracing/start-tracing.js'

/** A collector that keeps what it is sent. */
const received: { request: IncomingMessage; body: Buffer }[] = []
const collector = createServer((request, response) => {
  void buffer(request).then((body) => {
    received.push({ request, body })
    response.end()
  })
})
beforeAll(() => new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve)))
afterAll(() => collector.close())
afterEach(() => {
  vi.unstubAllEnvs()
  trace.disable()
})

it('does nothing where no collector is named, or tracing is off', async () => {
  expect(await startTracing({})).toBeNull()
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }
  expect(await startTracing({ ...endpoint, OTEL_SDK_DISABLED: 'true' })).toBeNull()
  expect(await startTracing({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' })).toBeNull()
})

it('refuses a protocol that it does not speak', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }
  await expect(startTracing(env)).rejects.toMatchObject({ code: 'INVALID_SETTING' })
})

it('sends spans to the collector that the standard variables name, and the last ones before it ends', async () => {
  const { port } = collector.address() as AddressInfo
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${port}`)
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-tenant=museum')
  vi.stubEnv('OTEL_SERVICE_NAME', 'search-of-the-museum')
  const stop = await startTracing(process.env)
  trace.getTracer('kindred').startSpan('one-span').end()
  await stop?.()
  expect(received).toHaveLength(1)
  const [{ request, body } = { request: null, body: Buffer.of() }] = received
  expect(request?.url).toBe('/v1/traces')
  expect(request?.headers).toMatchObject({ 'content-type': 'application/x-protobuf', 'x-tenant': 'museum' })
  // Names are plain text in the protocol's binary form.
  for (const name of ['one-span', 'search-of-the-museum', 'service.version'])
    expect(body.includes(name)).toBe(true)
})
