import type { CollectionStore } from '../../collections/collection-store.js'
import type { Handlers } from '../contract/operation-types.js'
import type { ItemService } from '../services/item-service.js'
import { pictureOf } from './picture-source.js'

type ItemHandlers = Pick<
  Handlers,
  'listItems' | 'putItem' | 'getItem' | 'patchItem' | 'deleteItem' | 'deleteItems'
>

/** /v1/collections/{collection}/items */
export const itemHandlers = (store: CollectionStore, items: ItemService): ItemHandlers => ({
  async listItems({ path, query }) {
    return { status: 200, body: await store.listItems(path.collection, query) }
  },
  async putItem({ path, body, files, signal }) {
    const { base64, embedding = [], ...text } = body
    const picture = pictureOf(files, base64)
    const source = picture ? { picture } : { embedding: Float32Array.from(embedding) }
    const { item, created } = await items.put(path.collection, path.id, source, text, signal)
    return { status: created ? 201 : 200, body: item }
  },
  async getItem({ path }) {
    return { status: 200, body: await store.getItem(path.collection, path.id) }
  },
  async patchItem({ path, body }) {
    return { status: 200, body: await store.patchItem(path.collection, path.id, body) }
  },
  async deleteItem({ path }) {
    await items.delete(path.collection, path.id)
    return { status: 204 }
  },
  async deleteItems({ path, body }) {
    return { status: 200, body: { deleted: await store.deleteItems(path.collection, body.ids) } }
  },
})
