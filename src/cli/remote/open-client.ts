import { ApiProblem, createClient, type Client } from '../../client/client.js'
import { errorRegistry, KindredError, type ErrorCode } from '../../errors.js'
import { checkAddress } from '../remote-server.js'

/**
 * The client of a server that `--url` names, whose failures are KindredErrors: with the code of the server's problem, or
 * SERVER_UNREACHABLE. It waits for as long as the server takes.
 *
 * @throws KindredError INVALID_ARGUMENT
 */
export function openClient(url: string, key?: string): Client {
  checkAddress(url, key)
  const client: Client = createClient(url, key === undefined ? {} : { key })
  const operations = Object.entries(client).map(([id, operation]) => {
    const call = operation as (given: unknown) => Promise<unknown>
    const checked = (given: unknown) =>
      call(given).catch((thrown: unknown) => {
        throw asKindredError(thrown, url)
      })
    return [id, checked] as const
  })
  return Object.fromEntries(operations) as unknown as Client
}

function asKindredError(thrown: unknown, url: string): KindredError {
  if (!(thrown instanceof ApiProblem)) {
    return new KindredError('SERVER_UNREACHABLE', `The server at ${url} does not answer`, { cause: thrown })
  }
  const known = Object.hasOwn(errorRegistry, thrown.code)
  return new KindredError(
    known ? (thrown.code as ErrorCode) : 'SERVER_UNREACHABLE',
    thrown.message,
    thrown.hint === undefined ? {} : { hint: thrown.hint },
  )
}
