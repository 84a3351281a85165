import { createClient, type Client } from '../../../client/client.js'

/** A request, encoded once and ready to be sent: what can be made beforehand is, so that only the server is timed. */
export interface PreparedRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/**
 * What the client would send, in place of sending it.
 *
 * @param call one call of one operation, such as `(client) => client.search({ ... })`
 */
export async function prepareRequest(
  url: string,
  key: string | undefined,
  call: (client: Client) => Promise<unknown>,
): Promise<PreparedRequest> {
  let prepared: PreparedRequest | undefined
  const record: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const body = Buffer.from(await request.arrayBuffer())
    prepared = {
      url: request.url,
      method: request.method,
      headers: {
        ...Object.fromEntries(request.headers),
        ...(body.length > 0 && { 'content-length': String(body.length) }),
      },
      body,
    }
    return new Response('{}')
  }
  await call(createClient(url, { fetch: record, ...(key !== undefined && { key }) }))
  if (prepared === undefined) throw new TypeError('The call sent nothing')
  return prepared
}

/** A search by picture for the first `k`. */
export const prepareSearch = (
  url: string,
  collection: string,
  picture: Uint8Array,
  k: number,
): Promise<PreparedRequest> =>
  prepareRequest(url, undefined, (client) =>
    client.search({ path: { collection }, body: { image: new Blob([Uint8Array.from(picture)]), k } }),
  )
