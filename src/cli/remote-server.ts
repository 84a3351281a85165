import { isDeepStrictEqual } from 'node:util'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type {
  Collection,
  CollectionSpec,
  CollectionStore,
  Item,
  Page,
} from '../collections/collection-store.js'
import {
  isRowError,
  type ImportOutcome,
  type ImportRow,
  type ImportTarget,
} from '../collections/import-catalogue.js'
import { atHand, readPicture } from '../collections/imports/read-picture.js'
import type { PictureFetcher } from '../images/fetch/picture-fetcher.js'
import { Slots } from '../collections/imports/slots.js'
import { errorRegistry, expected, KindredError, toKindredError, type ErrorCode } from '../errors.js'

/** A running kindred server, through its HTTP API. */
export interface RemoteServer {
  /** @throws KindredError with the code of the server's problem, or SERVER_UNREACHABLE */
  request(method: string, resource: string, body?: FormData | object): Promise<unknown>
}

const requestTimeoutMs = 60_000
/** How often, and how long at most each time, a request waits because the server limits how many there may be. */
const limitWaits = { most: 5, seconds: 120 }
/** As many pictures as the server embeds in one pass, and the next. */
const sentAtOnce = 64

/**
 * @param url of the server, such as http://127.0.0.1:8080; a path (behind a proxy) is kept
 * @throws KindredError INVALID_ARGUMENT
 */
export function connectTo(url: string, key?: string): RemoteServer {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw expected('an address such as http://127.0.0.1:8080', '--url', url)
  }
  // fetch would quote the key in its own words.
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw new KindredError('INVALID_ARGUMENT', 'The API key has characters in it that no key has')
  }
  const base = url.replace(/\/+$/, '')
  async function send(method: string, resource: string, body?: FormData | object): Promise<Response> {
    const multipart = body instanceof FormData
    try {
      return await fetch(`${base}/v1${resource}`, {
        method,
        signal: AbortSignal.timeout(requestTimeoutMs),
        headers: {
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
          ...(body !== undefined && !multipart && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: multipart ? body : JSON.stringify(body) }),
      })
    } catch (cause) {
      const late = cause instanceof DOMException && cause.name === 'TimeoutError'
      const what = late ? `did not answer within ${requestTimeoutMs / 1000} s` : 'does not answer'
      throw new KindredError('SERVER_UNREACHABLE', `The server at ${url} ${what}`, { cause })
    }
  }
  return {
    async request(method, resource, body) {
      let response = await send(method, resource, body)
      for (let waits = 0; response.status === 429 && waits < limitWaits.most; waits++) {
        const seconds = Number(response.headers.get('retry-after') ?? 1)
        if (!(seconds <= limitWaits.seconds)) break
        await response.body?.cancel()
        await sleep(seconds * 1000)
        response = await send(method, resource, body)
      }
      const text = await response.text()
      if (response.ok) return text === '' ? undefined : (JSON.parse(text) as unknown)
      throw problemOf(response.status, text)
    },
  }
}

/** The server's problem+json as the error that it was there. */
function problemOf(status: number, text: string): KindredError {
  let problem: { code?: unknown; detail?: unknown; hint?: unknown } = {}
  try {
    problem = JSON.parse(text) as typeof problem
  } catch {
    // Not a problem of ours: a proxy's page, say. The status is all there is to tell.
  }
  const { code, detail, hint } = problem
  const known = typeof code === 'string' && Object.hasOwn(errorRegistry, code)
  return new KindredError(
    known ? (code as ErrorCode) : 'SERVER_UNREACHABLE',
    typeof detail === 'string' ? detail : `The server answered with status ${status}`,
    typeof hint === 'string' ? { hint } : {},
  )
}

const itemPath = (collection: string, id: string): string =>
  `/collections/${encodeURIComponent(collection)}/items/${encodeURIComponent(id)}`

/**
 * Makes the collection on the server unless it is there; its model is the server's unless `spec` names one, or has
 * dimensions for ready-made embeddings.
 */
export async function ensureRemoteCollection(
  server: RemoteServer,
  name: string,
  spec: Partial<Pick<CollectionSpec, 'model' | 'dimensions' | 'keep' | 'thumbnailSide'>>,
): Promise<Collection> {
  const resource = `/collections/${encodeURIComponent(name)}`
  if (spec.model === undefined) {
    try {
      return (await server.request('GET', resource)) as Collection
    } catch (thrown) {
      if (!(thrown instanceof KindredError) || thrown.code !== 'COLLECTION_NOT_FOUND') throw thrown
    }
  }
  return (await server.request('PUT', resource, spec)) as Collection
}

/**
 * Imports through the API: the server decodes, embeds and writes. Pictures that it has already are not sent again;
 * ready-made embeddings, of which it keeps no content hash, always are.
 *
 * @param options.maxBytes largest picture file read
 * @param options.fetcher gets, here, what rows name by URL
 */
export function createRemoteTarget(
  server: RemoteServer,
  collection: string,
  { maxBytes, fetcher }: { readonly maxBytes: number; readonly fetcher: PictureFetcher },
): ImportTarget {
  const slots = new Slots(sentAtOnce)
  const put = async ({ row, metadata }: ImportRow): Promise<ImportOutcome> => {
    const resource = itemPath(collection, row.id)
    const { content, group } = row
    if (content.kind === 'embedding') {
      const embedding = [...content.values]
      await server.request('PUT', resource, { embedding, metadata, ...(group !== null && { group }) })
      return 'embedded'
    }
    const { bytes, contentHash } = await readPicture(await atHand(content, fetcher), maxBytes)
    const known = await existing(server, resource)
    if (known?.contentHash === contentHash && known.embeddedFrom === undefined) {
      if (known.group !== row.group || !isDeepStrictEqual({ ...known.metadata }, { ...metadata })) {
        const gone = Object.keys(known.metadata).filter((field) => !(field in metadata))
        const patch = { ...metadata, ...Object.fromEntries(gone.map((field) => [field, null])) }
        await server.request('PATCH', resource, { metadata: patch, group: row.group })
      }
      return 'unchanged'
    }
    const form = new FormData()
    form.set('image', new Blob([Uint8Array.from(bytes)]), path.basename(content.name))
    form.set('metadata', JSON.stringify(metadata))
    if (row.group !== null) form.set('group', row.group)
    await server.request('PUT', resource, form)
    return 'embedded'
  }
  return {
    importChunk: (rows) =>
      Promise.all(
        rows.map((row) => slots.run(() => put(row)).catch((thrown: unknown) => rowFailure(thrown))),
      ),
  }
}

/** What `deleteMissing` needs of a collection, through the API. */
export function createRemoteItems(server: RemoteServer): Pick<CollectionStore, 'listItems' | 'deleteItems'> {
  const items = (collection: string): string => `/collections/${encodeURIComponent(collection)}/items`
  return {
    async listItems(collection, { cursor, limit }) {
      const query = new URLSearchParams({ limit: String(limit), ...(cursor !== undefined && { cursor }) })
      return (await server.request('GET', `${items(collection)}?${query.toString()}`)) as Page<Item>
    },
    async deleteItems(collection, ids) {
      const answer = await server.request('POST', `${items(collection)}/delete`, { ids })
      return (answer as { deleted: number }).deleted
    },
  }
}

/** A row's own failure is its outcome; any other (the server is gone, or too busy) ends the import. */
function rowFailure(thrown: unknown): KindredError {
  const error = toKindredError(thrown)
  if (!isRowError(error)) throw error
  return error
}

async function existing(server: RemoteServer, resource: string): Promise<Item | null> {
  try {
    return (await server.request('GET', resource)) as Item
  } catch (thrown) {
    if (thrown instanceof KindredError && thrown.code === 'ITEM_NOT_FOUND') return null
    throw thrown
  }
}
