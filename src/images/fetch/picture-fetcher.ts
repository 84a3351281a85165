import { lookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { Agent, request, type Dispatcher } from 'undici'
import type { Config } from '../../config.js'
import { KindredError } from '../../errors.js'
import { checkUrl, fetchRulesFrom, mayConnect, refused, type FetchRules } from './fetch-rules.js'

/** Gets pictures by URL, from where the settings allow it. Nothing is asked of any other place, by redirect or by DNS. */
export interface PictureFetcher {
  /**
   * @returns the bytes of what is at the URL, which need not be a picture; `maxImageBytes` at most
   * @throws KindredError URL_NOT_FETCHED where the settings do not allow it; FETCH_FAILED, FETCH_TIMEOUT,
   * IMAGE_TOO_LARGE, IMAGE_UNSUPPORTED; the signal's reason
   */
  fetch(url: string, signal?: AbortSignal): Promise<Uint8Array>
  close(): Promise<void>
}

/** Where no URL is fetched, whatever the settings say. */
export const fetchesNothing: Pick<PictureFetcher, 'fetch'> = {
  fetch: () => Promise.reject(refused('URLs are not fetched here')),
}

type FetchSettings = Pick<
  Config,
  'fetchFrom' | 'fetchPorts' | 'fetchSeconds' | 'fetchRedirects' | 'maxImageBytes'
>

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Of one host at once; what comes besides waits. */
const connectionsPerHost = 8

/** @throws KindredError INVALID_SETTING */
export function createPictureFetcher(settings: FetchSettings): PictureFetcher {
  const rules = fetchRulesFrom(settings)
  const agent = new Agent({ connect: { lookup: guardedLookup(rules) }, connections: connectionsPerHost })
  const seconds = settings.fetchSeconds

  const follow = async (given: string, signal: AbortSignal): Promise<Uint8Array> => {
    let url = checkUrl(given, rules)
    for (let hops = 0; hops <= settings.fetchRedirects; hops++) {
      const response = await request(url.href, { dispatcher: agent, headers: asked, signal })
      if (!redirects.has(response.statusCode)) return await read(url, response, settings.maxImageBytes)
      const { location } = response.headers
      discard(response.body)
      const next = typeof location === 'string' ? URL.parse(location, url.href) : null
      if (next === null) throw failed(url, 'redirects to nowhere')
      url = checkUrl(next.href, rules)
    }
    throw failed(url, `is past ${settings.fetchRedirects} redirects`)
  }

  return {
    async fetch(url, signal) {
      const timeout = AbortSignal.timeout(1000 * seconds)
      const stop = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
      try {
        return await follow(url, stop)
      } catch (thrown) {
        signal?.throwIfAborted()
        if (thrown instanceof KindredError) throw thrown
        const shown = withoutSecrets(URL.parse(url))
        if (timeout.aborted) {
          throw new KindredError('FETCH_TIMEOUT', `${shown} took more than ${seconds} s`, { cause: thrown })
        }
        const reason = thrown instanceof Error ? thrown.message : String(thrown)
        throw new KindredError('FETCH_FAILED', `${shown} could not be fetched: ${reason}`, { cause: thrown })
      }
    },
    // Whoever closes it has nothing under way that anyone waits for.
    close: () => agent.destroy(),
  }
}

const asked = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'kindred' }

/**
 * Resolves a host to those of its addresses that may be asked. What it answers with is what the connection is made to,
 * so that a second answer of the DNS can change nothing.
 */
function guardedLookup(rules: FetchRules): LookupFunction {
  return (host, { family, hints, all }, callback) => {
    const wanted = {
      all: true,
      ...(family !== undefined && { family }),
      ...(hints !== undefined && { hints }),
    } as const
    lookup(host, wanted)
      .then((found) => {
        const allowed = found.filter(({ address }) => mayConnect(host, address, rules))
        const [first] = allowed
        if (first === undefined) throw refused(`Nothing is fetched from where ${host} is`)
        return [first, allowed] as const
      })
      .then(
        ([first, allowed]) => {
          if (all === true) callback(null, allowed)
          else callback(null, first.address, first.family)
        },
        (thrown: unknown) => {
          callback(thrown instanceof Error ? thrown : new Error(String(thrown)), '')
        },
      )
  }
}

/** Types that servers give pictures; what it is, its bytes decide. */
const pictureType = /^(?:image\/|(?:application|binary)\/octet-stream\b)/i

async function read(
  url: URL,
  { statusCode, headers, body }: Dispatcher.ResponseData,
  maxBytes: number,
): Promise<Uint8Array> {
  try {
    if (statusCode !== 200) throw failed(url, `was answered with HTTP status ${statusCode}`)
    const type = headerOf(headers['content-type'])
    if (type !== '' && !pictureType.test(type)) {
      throw new KindredError('IMAGE_UNSUPPORTED', `${withoutSecrets(url)} is of the type ${type}, no picture`)
    }
    const encoding = headerOf(headers['content-encoding'])
    if (encoding !== '' && encoding !== 'identity') throw failed(url, `comes encoded as ${encoding}`)
    if (Number(headerOf(headers['content-length'])) > maxBytes) throw tooLarge(url, maxBytes)
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) throw tooLarge(url, maxBytes)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } finally {
    discard(body)
  }
}

/** Ends the connection where the body was not read to its end, which the body calls an error. */
const discard = (body: Dispatcher.ResponseData['body']): void => {
  body.on('error', () => undefined).destroy()
}

const headerOf = (value: string | readonly string[] | undefined): string =>
  (typeof value === 'string' ? value : (value?.[0] ?? '')).trim().slice(0, 100)

const tooLarge = (url: URL, maxBytes: number): KindredError =>
  new KindredError('IMAGE_TOO_LARGE', `${withoutSecrets(url)} has more than ${maxBytes} bytes`)

const failed = (url: URL, what: string): KindredError =>
  new KindredError('FETCH_FAILED', `${withoutSecrets(url)} ${what}`)

/** Queries can hold secrets. */
const withoutSecrets = (url: URL | null): string =>
  url === null ? 'The URL' : `${url.origin}${url.pathname}`
