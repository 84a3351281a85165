import type { Call } from '../../client/client.js'
import { openClient } from '../remote/open-client.js'
import type { SearchAnswer } from './search-answer.js'
import type { Example, SearchRequest } from './search-request.js'

/** How long an answer may take. */
const answerSeconds = 60

/** Searches through the API of a running server. */
export async function searchThere(request: SearchRequest, url: string, key?: string): Promise<SearchAnswer> {
  const client = openClient(url, key, { seconds: answerSeconds })
  const call = { path: { collection: request.collection }, body: bodyOf(request) }
  const { results, total, model, exact, plan } = await client.search(call)
  return { results, total, model, exact, plan }
}

function bodyOf({ positive, negative, options }: SearchRequest): Call<'search'>['body'] {
  const [only, ...others] = positive
  if (only === undefined || others.length > 0 || negative.length > 0) {
    return { positive: positive.map(toJson), negative: negative.map(toJson), ...options }
  }
  if ('itemId' in only) return { itemId: only.itemId, ...options }
  return { image: new File([Uint8Array.from(only.picture)], only.name), ...options }
}

const toJson = (example: Example): { itemId: string } | { base64: string } =>
  'itemId' in example
    ? { itemId: example.itemId }
    : { base64: Buffer.from(example.picture).toString('base64') }
