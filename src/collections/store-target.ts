import { isDeepStrictEqual } from 'node:util'
import { embedImage } from '../embedding/embed-image.js'
import type { Embedder } from '../embedding/embedder.js'
import { KindredError, toKindredError } from '../errors.js'
import type { ImageLimits } from '../images/limits.js'
import type { CollectionStore, NewItem } from './collection-store.js'
import {
  isRowError,
  type CataloguePicture,
  type ImportOutcome,
  type ImportTarget,
} from './import-catalogue.js'

/** Imports into a store of this process, embedding here. */
export function createStoreTarget(
  store: CollectionStore,
  collection: string,
  embedder: Embedder,
  limits: ImageLimits,
): ImportTarget {
  const prepare = async (picture: CataloguePicture, known: string | null | undefined): Promise<Prepared> => {
    const { row, metadata, contentHash } = picture
    const rest = { id: row.id, metadata, group: row.group, contentHash }
    if (known !== contentHash) {
      const { embedding } = await embedImage(embedder, picture.bytes, { limits })
      return { outcome: 'embedded', item: { ...rest, embedding } }
    }
    const item = await store.getItem(collection, row.id)
    if (item.group === row.group && isDeepStrictEqual({ ...item.metadata }, { ...metadata })) {
      return { outcome: 'unchanged', item: null }
    }
    return {
      outcome: 'unchanged',
      item: { ...rest, embedding: await store.getEmbedding(collection, row.id) },
    }
  }

  const write = async (prepared: readonly Prepared[]): Promise<ImportOutcome[]> => {
    const items = prepared.flatMap(({ item }) => (item === null ? [] : [item]))
    try {
      if (items.length > 0) await store.putItems(collection, items)
      return prepared.map(({ outcome }) => outcome)
    } catch (thrown) {
      // All or none: written one by one, so that a single misfit (its metadata, say) costs only itself.
      if (prepared.length === 1) return [rowErrorOf(thrown)]
      const singly: ImportOutcome[] = []
      for (const one of prepared) singly.push(...(await write([one])))
      return singly
    }
  }

  return {
    async importChunk(pictures) {
      const known = await store.contentHashes(
        collection,
        pictures.map(({ row }) => row.id),
      )
      const settled = await Promise.all(
        pictures.map((picture) => prepare(picture, known.get(picture.row.id)).catch(rowErrorOf)),
      )
      const written = await write(settled.flatMap((one) => (one instanceof KindredError ? [] : [one])))
      let next = 0
      return settled.map((one) => (one instanceof KindredError ? one : (written[next++] ?? one.outcome)))
    },
  }
}

function rowErrorOf(thrown: unknown): KindredError {
  const error = toKindredError(thrown)
  if (!isRowError(error)) throw error
  return error
}

interface Prepared {
  readonly outcome: 'embedded' | 'unchanged'
  /** What has to be written; null where the store has it already. */
  readonly item: NewItem | null
}
