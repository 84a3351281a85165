/** Something that a server must survive, as bytes for a connection of its own. */
export interface HostileRequest {
  /** For the report. */
  readonly what: string
  readonly sent: readonly Sent[]
  /**
   * What the client does when it has sent all: wait for the answer; close its side and wait; or go, with a reset where
   * `reset`.
   */
  readonly then: 'wait' | 'end' | 'leave' | 'reset'
  /** Whether it asks with HEAD, whose answer has no body. */
  readonly head?: true
}

/** Bytes, or a pause in milliseconds before the next ones. */
export type Sent = Buffer | string | { readonly pauseMs: number }

export type Headers = readonly (readonly [string, string])[]

/** A request that is one in form: with a host, a key, the length of its body, and a connection that ends with the answer. */
export function httpRequest(
  what: string,
  {
    method = 'GET',
    path,
    key,
    headers = [],
    body = '',
  }: {
    readonly method?: string
    readonly path: string
    readonly key: string
    readonly headers?: Headers
    readonly body?: Buffer | string
  },
): HostileRequest {
  const length: Headers = body.length > 0 ? [['Content-Length', String(Buffer.byteLength(body))]] : []
  const own = [...headers.map(([name]) => name.toLowerCase())]
  const given: Headers = [
    ['Host', 'localhost'],
    ['Authorization', `Bearer ${key}`],
    ['Connection', 'close'],
    ...length,
  ]
  const all = [...given.filter(([name]) => !own.includes(name.toLowerCase())), ...headers]
  const head = `${method} ${path} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
  return {
    what,
    sent: [Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)])],
    then: 'wait',
    ...(method === 'HEAD' && { head: true }),
  }
}
