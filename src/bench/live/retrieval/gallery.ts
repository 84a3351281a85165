import type { Answer, Client } from '../../../client/client.js'
import { largestPage } from '../../../collections/ranges.js'
import { patiently } from '../patience.js'

type Item = Answer<'listItems'>['items'][number]

/** What a benchmark knows of the items of a collection; embeddings and pictures stay on the server. */
export interface Gallery {
  /** Class, or classes, of each item by its id; those of an item without any are empty. */
  readonly labels: ReadonlyMap<string, readonly string[]>
  readonly byLabel: ReadonlyMap<string, readonly string[]>
  /** Ids by the SHA-256 of the picture file. */
  readonly byHash: ReadonlyMap<string, readonly string[]>
  /** What tells this gallery from another: a line for each item, in the order of ids. */
  readonly lines: readonly string[]
}

/**
 * Lists a collection.
 *
 * @param labelField metadata field that holds an item's class (of an array each value is one), or `group`
 */
export async function readGallery(
  client: Client,
  collection: string,
  options: {
    readonly labelField: string
    readonly onProgress?: (done: number) => void
    readonly signal?: AbortSignal
  },
): Promise<Gallery> {
  const { labelField, onProgress, signal } = options
  const labels = new Map<string, readonly string[]>()
  const byLabel = new Map<string, string[]>()
  const byHash = new Map<string, string[]>()
  const lines: string[] = []
  let cursor: string | null = null
  do {
    signal?.throwIfAborted()
    const query = { limit: largestPage, ...(cursor !== null && { cursor }) }
    const page: Answer<'listItems'> = await patiently(
      () => client.listItems({ path: { collection }, query, ...(signal && { signal }) }),
      signal,
    )
    for (const item of page.items) {
      const own = labelsOf(item, labelField)
      labels.set(item.id, own)
      for (const label of own) add(byLabel, label, item.id)
      if (item.contentHash !== null) add(byHash, item.contentHash, item.id)
      lines.push([item.id, item.contentHash ?? '', ...own].join('\t'))
    }
    onProgress?.(labels.size)
    cursor = page.nextCursor
  } while (cursor !== null)
  return { labels, byLabel, byHash, lines: lines.sort() }
}

function labelsOf({ group, metadata }: Item, field: string): string[] {
  const value: unknown = field === 'group' ? group : metadata[field]
  if (value === null || value === undefined) return []
  return [...new Set((Array.isArray(value) ? value : [value]).map(String))]
}

function add(index: Map<string, string[]>, key: string, id: string): void {
  const known = index.get(key)
  if (known === undefined) index.set(key, [id])
  else known.push(id)
}
