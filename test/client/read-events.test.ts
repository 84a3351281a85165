import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEvents, type ServerEvent } from '../../src/client/read-events.js'

async function readAll(chunks: readonly Uint8Array[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = []
  for await (const event of readEvents(new Response(ReadableStream.from(chunks)))) events.push(event)
  return events
}
const encode = (text: string) => new TextEncoder().encode(text)

test('events are read wherever the network cuts them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ event: fc.constantFrom('message', 'job', 'end'), data: fc.jsonValue() })),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (events, newline, sizes) => {
        const text = events.map(
          ({ event, data }) =>
            (event === 'message' ? '' : `event: ${event}${newline}`) +
            `: a comment${newline}data:${JSON.stringify(data)}${newline}${newline}`,
        )
        const bytes = encode(text.join(''))
        const chunks: Uint8Array[] = []
        for (let at = 0, n = 0; at < bytes.length; n++) {
          const size = sizes[n % sizes.length] ?? 1
          chunks.push(bytes.subarray(at, at + size))
          at += size
        }
        expect(await readAll(chunks)).toEqual(JSON.parse(JSON.stringify(events)))
      },
    ),
  )
})

test('data of several lines is one value, and an event that never ended is none', async () => {
  expect(await readAll([encode('data: {"a":\ndata: 1}\n\ndata: 2\n')])).toEqual([
    { event: 'message', data: { a: 1 } },
  ])
})

test('leaving the loop ends the connection', async () => {
  let cancelled = false
  const body = new ReadableStream<Uint8Array>({
    pull: (stream) => {
      stream.enqueue(encode('data: 1\n\n'))
    },
    cancel: () => {
      cancelled = true
    },
  })
  for await (const { data } of readEvents(new Response(body))) {
    expect(data).toBe(1)
    break
  }
  expect(cancelled).toBe(true)
})
