export interface RawAnswer {
  readonly status: number
  /** By lower-case names. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/**
 * The answers on a connection, provisional ones (1xx) left out. One that broke off has the body that came.
 *
 * @param head whether they answer HEAD
 */
export function readAnswers(bytes: Buffer, head: boolean): RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = bytes
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return answers
    const [first = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1])
    if (Number.isNaN(status)) throw new Error(`Not an answer: ${JSON.stringify(first.slice(0, 100))}`)
    const headers = new Map(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      }),
    )
    rest = rest.subarray(end + 4)
    const bodiless = head || status === 204 || status === 304 || status < 200
    const { body, length } = bodiless ? { body: '', length: 0 } : readBody(rest, headers)
    rest = rest.subarray(length)
    if (status >= 200) answers.push({ status, headers, body })
  }
}

function readBody(
  bytes: Buffer,
  headers: ReadonlyMap<string, string>,
): { readonly body: string; readonly length: number } {
  if (headers.get('transfer-encoding') === 'chunked') return readChunks(bytes)
  const length = Math.min(Number(headers.get('content-length') ?? bytes.length), bytes.length)
  return { body: bytes.toString('utf8', 0, length), length }
}

function readChunks(bytes: Buffer): { readonly body: string; readonly length: number } {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const end = bytes.indexOf('\r\n', at)
    const size = end < 0 ? 0 : Number.parseInt(bytes.toString('latin1', at, end), 16)
    if (end < 0 || size === 0) {
      const length = end < 0 ? bytes.length : end + 4
      return { body: Buffer.concat(parts).toString(), length }
    }
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}
