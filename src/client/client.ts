import { ApiProblem } from './api-problem.js'
import type { Client } from './call-types.js'
import { operationTable } from './operations.generated.js'
import { readEvents } from './read-events.js'
import { toBody } from './request-body.js'

export { ApiProblem } from './api-problem.js'
export type { Answer, Call, Client, OperationId } from './call-types.js'
export type { components } from './api-types.generated.js'
export type { ServerEvent } from './read-events.js'

export interface ClientOptions {
  /** API key, sent as a bearer token. */
  readonly key?: string
  /** In place of the platform's own. */
  readonly fetch?: typeof fetch
}

/** Some of the ways to read an answer may be needed by no operation at the moment. */
const table: Readonly<
  Record<string, { readonly method: string; readonly path: string; readonly reads: keyof typeof readers }>
> = operationTable

/** An operation when it is known only at run time; the types of `Client` have checked what it is given. */
interface AnyCall {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  readonly onHeaders?: (headers: Headers) => void
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/**
 * Talks to a kindred server, from Node and from a browser: a function for each operation of its API.
 *
 * A body with a Blob in it is sent as a form, any other as JSON. An answer other than the one asked for is thrown as an
 * `ApiProblem`; that the server cannot be reached, as whatever `fetch` throws.
 *
 * @example
 * const kindred = createClient('http://127.0.0.1:8080')
 * await kindred.putItem({ path: { collection: 'shop', id: 'boots/left 1.jpg' }, body: { image, group: 'boots' } })
 * const { results } = await kindred.search({ path: { collection: 'shop' }, body: { image: photo, k: 5 } })
 *
 * @param url of the server; a path (behind a proxy) is kept
 */
export function createClient(url: string, options: ClientOptions = {}): Client {
  const base = url.replace(/\/+$/, '')
  const send = options.fetch ?? fetch
  const operations = Object.entries(table).map(([id, { method, path, reads }]) => {
    const operation = async (call: AnyCall = {}): Promise<unknown> => {
      const { body, type } = toBody(call.body)
      const response = await send(base + fillPath(path, call.path) + toSearch(call.query), {
        method,
        headers: {
          ...call.headers,
          ...(reads === 'json' && { accept: 'application/json' }),
          ...(options.key !== undefined && { authorization: `Bearer ${options.key}` }),
          ...(type !== undefined && { 'content-type': type }),
        },
        ...(body !== undefined && { body }),
        ...(call.signal !== undefined && { signal: call.signal }),
      })
      call.onHeaders?.(response.headers)
      if (!response.ok) throw new ApiProblem(response, await response.text())
      return readers[reads](response)
    }
    return [id, operation]
  })
  return Object.fromEntries(operations) as Client
}

const readers = {
  json: (response: Response): unknown => response.json(),
  bytes: (response: Response): unknown => response,
  events: (response: Response): unknown => readEvents(response),
  nothing: async (response: Response): Promise<undefined> => {
    await response.body?.cancel()
  },
}

/**
 * A parameter is one segment, whatever is in it.
 *
 * @throws RangeError for what would make another address of it: `fetch` resolves `.` and `..`, encoded or not, and an empty
 * one leaves the address of what is above
 */
const fillPath = (path: string, given: AnyCall['path'] = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = given[name] ?? ''
    if (['', '.', '..'].includes(value)) throw new RangeError(`${name} can be neither empty nor . nor ..`)
    return encodeURIComponent(value)
  })

function toSearch(query: AnyCall['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  if (given.length === 0) return ''
  return `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, textOf(value)])).toString()}`
}

/** What is no text is its JSON, in a query as in a form. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
