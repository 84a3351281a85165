import { connectTo } from '../remote-server.js'
import type { SearchAnswer } from './search-answer.js'
import type { Example, SearchRequest } from './search-request.js'

/** Searches through the API of a running server. */
export async function searchThere(request: SearchRequest, url: string, key?: string): Promise<SearchAnswer> {
  const resource = `/collections/${encodeURIComponent(request.collection)}/search`
  const answer = (await connectTo(url, key).request('POST', resource, bodyOf(request))) as SearchAnswer
  const { results, total, model, exact, plan } = answer
  return { results, total, model, exact, plan }
}

function bodyOf({ positive, negative, options }: SearchRequest): FormData | object {
  const [only, ...others] = positive
  if (only === undefined || others.length > 0 || negative.length > 0) {
    return { positive: positive.map(toJson), negative: negative.map(toJson), ...options }
  }
  if ('itemId' in only) return { itemId: only.itemId, ...options }
  const form = new FormData()
  form.set('image', new Blob([Uint8Array.from(only.picture)]), only.name)
  for (const [name, value] of Object.entries(options)) {
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return form
}

const toJson = (example: Example): object =>
  'itemId' in example
    ? { itemId: example.itemId }
    : { base64: Buffer.from(example.picture).toString('base64') }
