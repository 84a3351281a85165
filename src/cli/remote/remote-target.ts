import { isDeepStrictEqual } from 'node:util'
import path from 'node:path'
import type { Client } from '../../client/client.js'
import type { Collection, CollectionSpec } from '../../collections/collection.js'
import type { CollectionStore } from '../../collections/collection-store.js'
import type { Item } from '../../collections/item.js'
import type { ImportOutcome, ImportRow, ImportTarget } from '../../collections/import-catalogue.js'
import { atHand, readPicture } from '../../collections/imports/read-picture.js'
import { rowErrorOf } from '../../collections/imports/row-error.js'
import { Slots } from '../../collections/imports/slots.js'
import { refuseOtherSettings } from '../../collections/refuse-other-settings.js'
import { KindredError } from '../../errors.js'
import type { PictureFetcher } from '../../images/fetch/picture-fetcher.js'
import type { Keeping } from '../../images/picture-to-keep.js'

/** As many pictures as the server embeds in one pass, and the next. */
const sentAtOnce = 64

/**
 * Makes the collection on the server unless it is there; its model is the server's unless `spec` names one, or has
 * dimensions for ready-made embeddings.
 *
 * @param asked what also one that is there has to keep of pictures
 * @throws KindredError COLLECTION_EXISTS where it has another model, or keeps something else
 */
export async function ensureRemoteCollection(
  client: Client,
  name: string,
  spec: Partial<Pick<CollectionSpec, 'model' | 'dimensions' | 'keep' | 'thumbnailSide'>>,
  asked: Partial<Keeping>,
): Promise<Collection> {
  const path = { collection: name }
  const there = await orNull('COLLECTION_NOT_FOUND', client.getCollection({ path }))
  if (there === null) return client.putCollection({ path, body: spec })
  refuseOtherSettings(there, asked)
  const { model } = spec
  return model === undefined ? there : client.putCollection({ path, body: { model } })
}

/**
 * Imports through the API: the server decodes, embeds and writes. Pictures that it has already are not sent again;
 * ready-made embeddings, of which it keeps no content hash, always are.
 *
 * @param options.maxBytes largest picture file read
 * @param options.fetcher gets, here, what rows name by URL
 */
export function createRemoteTarget(
  client: Client,
  collection: string,
  { maxBytes, fetcher }: { readonly maxBytes: number; readonly fetcher: PictureFetcher },
): ImportTarget {
  const slots = new Slots(sentAtOnce)
  const put = async ({ row, metadata }: ImportRow): Promise<ImportOutcome> => {
    const item = { collection, id: row.id }
    const { content, group } = row
    const known = { metadata, ...(group !== null && { group }) }
    if (content.kind === 'embedding') {
      await client.putItem({ path: item, body: { embedding: [...content.values], ...known } })
      return 'embedded'
    }
    const { bytes, contentHash } = await readPicture(await atHand(content, fetcher), maxBytes)
    const there: Item | null = await orNull('ITEM_NOT_FOUND', client.getItem({ path: item }))
    if (there?.contentHash === contentHash && there.embeddedFrom === undefined) {
      if (there.group !== group || !isDeepStrictEqual({ ...there.metadata }, { ...metadata })) {
        const gone = Object.keys(there.metadata).filter((field) => !(field in metadata))
        const patch = { ...metadata, ...Object.fromEntries(gone.map((field) => [field, null])) }
        await client.patchItem({ path: item, body: { metadata: patch, group } })
      }
      return 'unchanged'
    }
    const image = new File([Uint8Array.from(bytes)], path.basename(content.name))
    await client.putItem({ path: item, body: { image, ...known } })
    return 'embedded'
  }
  return {
    importChunk: (rows) =>
      // Any failure but a row's own (the server is gone, or too busy) ends the import.
      Promise.all(rows.map((row) => slots.run(() => put(row)).catch(rowErrorOf))),
  }
}

/** What `deleteMissing` needs of a collection, through the API. */
export function createRemoteItems(client: Client): Pick<CollectionStore, 'listItems' | 'deleteItems'> {
  return {
    listItems: (collection, { cursor, limit }) =>
      client.listItems({ path: { collection }, query: { limit, ...(cursor !== undefined && { cursor }) } }),
    async deleteItems(collection, ids) {
      const answer = await client.deleteItems({ path: { collection }, body: { ids: [...ids] } })
      return 'deleted' in answer ? answer.deleted : 0
    },
  }
}

async function orNull<T>(code: KindredError['code'], answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (thrown) {
    if (thrown instanceof KindredError && thrown.code === code) return null
    throw thrown
  }
}
