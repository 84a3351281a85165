import { ApiProblem, createClient, type Client } from '../../client/client.js'
import { errorRegistry, expected, KindredError, type ErrorCode } from '../../errors.js'
import { patientFetch } from './patient-fetch.js'

/**
 * The client of a server, whose failures are KindredErrors: with the code of the server's problem, or
 * SERVER_UNREACHABLE; the reason of a call's own signal where that was aborted. Where the server limits requests it waits for its turn.
 *
 * @param url of the server, such as http://127.0.0.1:8080; a path (behind a proxy) is kept
 * @param options.seconds how long an answer may take; as long as the server takes where absent
 * @throws KindredError INVALID_ARGUMENT
 */
export function openClient(url: string, key?: string, options: { readonly seconds?: number } = {}): Client {
  const { seconds } = options
  checkAddress(url, key)
  const client: Client = createClient(url, { fetch: patientFetch, ...(key !== undefined && { key }) })
  const operations = Object.entries(client).map(([id, operation]) => {
    const call = operation as (given: object) => Promise<unknown>
    const checked = (given: { readonly signal?: AbortSignal } = {}) =>
      call(seconds === undefined ? given : { signal: AbortSignal.timeout(seconds * 1000), ...given }).catch(
        (thrown: unknown) => {
          // Whoever called it off knows why.
          given.signal?.throwIfAborted()
          throw asKindredError(thrown, url, seconds)
        },
      )
    return [id, checked] as const
  })
  return Object.fromEntries(operations) as unknown as Client
}

/** @throws KindredError INVALID_ARGUMENT unless these can be an address and a key */
function checkAddress(url: string, key: string | undefined): void {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw expected('an address such as http://127.0.0.1:8080', 'the server', url)
  }
  // fetch would quote the key in its own words.
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw new KindredError('INVALID_ARGUMENT', 'The API key has characters in it that no key has')
  }
}

function asKindredError(thrown: unknown, url: string, seconds: number | undefined): KindredError {
  if (thrown instanceof RangeError)
    return new KindredError('INVALID_ARGUMENT', thrown.message, { cause: thrown })
  if (!(thrown instanceof ApiProblem)) {
    const late = seconds !== undefined && thrown instanceof DOMException && thrown.name === 'TimeoutError'
    const what = late ? `did not answer within ${seconds} s` : 'does not answer'
    return new KindredError('SERVER_UNREACHABLE', `The server at ${url} ${what}`, { cause: thrown })
  }
  const known = Object.hasOwn(errorRegistry, thrown.code)
  return new KindredError(
    known ? (thrown.code as ErrorCode) : 'SERVER_UNREACHABLE',
    thrown.message,
    thrown.hint === undefined ? {} : { hint: thrown.hint },
  )
}
