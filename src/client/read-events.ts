/** One event of a server-sent stream. */
export interface ServerEvent {
  /** `message` where the stream names none. */
  readonly event: string
  readonly data: unknown
}

/**
 * Reads server-sent events (WHATWG HTML, section 9.2) whose data is JSON. Leaving the loop ends the connection.
 *
 * @throws SyntaxError where data is no JSON
 */
export async function* readEvents(response: Response): AsyncGenerator<ServerEvent> {
  const body: ReadableStream<Uint8Array> | null = response.body
  if (body === null) return
  let event = 'message'
  let data: string[] = []
  for await (const line of lines(body)) {
    if (line === '') {
      if (data.length > 0) yield { event, data: JSON.parse(data.join('\n')) as unknown }
      event = 'message'
      data = []
      continue
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') event = value
    else if (field === 'data') data.push(value)
  }
}

/** Lines that have come to their end; what a cut-off stream leaves behind is no line. */
async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  // Not every browser can iterate over a stream.
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) {
        // It was held back because a line feed might have followed.
        if (rest.endsWith('\r')) yield rest.slice(0, -1)
        return
      }
      const parts = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/)
      rest = parts.pop() ?? ''
      yield* parts
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
