import { KindredError } from '../errors.js'
import { fetchesNothing, type PictureFetcher } from '../images/fetch/picture-fetcher.js'
import type { CollectionStore } from './collection-store.js'
import type { ImportOutcome, ImportRow, ImportTarget } from './import-catalogue.js'
import { hashOfEmbedding } from './imports/embedding-hash.js'
import { atHand, readPicture } from './imports/read-picture.js'
import { rowErrorOf } from './imports/row-error.js'
import { toUnitLength } from './unit-length.js'

/**
 * Takes rows, writes nothing, and says what an import would do: what has to be embedded, and what the collection has
 * already. Pictures are read, and not decoded: a damaged one counts as to be embedded.
 *
 * @param maxBytes largest picture file read
 */
export function createDryTarget(
  store: Pick<CollectionStore, 'contentHashes'>,
  collection: { readonly name: string; readonly dimensions: number; readonly model: string | null },
  maxBytes: number,
  fetcher: Pick<PictureFetcher, 'fetch'> = fetchesNothing,
): ImportTarget {
  const { name, dimensions, model } = collection
  const hashOf = async (
    { row: { content } }: ImportRow,
    signal: AbortSignal | undefined,
  ): Promise<string> => {
    if (content.kind === 'embedding') {
      toUnitLength(content.values, dimensions)
      return hashOfEmbedding(content.values)
    }
    if (model === null) {
      throw new KindredError('INVALID_EMBEDDING', `${name} takes only ready-made embeddings, not pictures`)
    }
    return (await readPicture(await atHand(content, fetcher, signal), maxBytes)).contentHash
  }
  return {
    async importChunk(rows, _since, signal) {
      const ids = rows.map(({ row }) => row.id)
      const known = await store.contentHashes(name, ids)
      const outcomes: ImportOutcome[] = []
      // One after the other: it is the disk that takes the time.
      for (const row of rows) {
        signal?.throwIfAborted()
        try {
          outcomes.push((await hashOf(row, signal)) === known.get(row.row.id) ? 'unchanged' : 'embedded')
        } catch (thrown) {
          signal?.throwIfAborted()
          outcomes.push(rowErrorOf(thrown))
        }
      }
      return outcomes
    },
  }
}
