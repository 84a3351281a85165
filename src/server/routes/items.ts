import type { CollectionStore } from '../../collections/collection-store.js'
import type { VersionedItem } from '../../collections/item.js'
import type { FilterLimits } from '../../collections/filter/filter.js'
import { readFilter } from '../../collections/filter/read-filter.js'
import type { Handlers } from '../contract/operation-types.js'
import { entityTag } from '../requests/entity-tags.js'
import { readCondition } from '../requests/item-preconditions.js'
import type { ItemService } from '../services/item-service.js'
import type { JobService } from '../services/job-service.js'
import { jobBegun } from './job-begun.js'
import { pictureOf } from './picture-source.js'

type ItemHandlers = Pick<
  Handlers,
  'listItems' | 'getFacets' | 'putItem' | 'getItem' | 'patchItem' | 'deleteItem' | 'deleteItems'
>

/** /v1/collections/{collection}/items and /facets */
export const itemHandlers = (
  store: CollectionStore,
  items: ItemService,
  jobs: JobService,
  filterLimits: FilterLimits,
): ItemHandlers => ({
  async listItems({ path, query: { filter, ...page } }) {
    const wanted = { ...page, ...(filter !== undefined && { filter: readFilter(filter, filterLimits) }) }
    return { status: 200, body: await store.listItems(path.collection, wanted) }
  },
  async getFacets({ path, query: { filter, ...request } }) {
    const wanted = { ...request, ...(filter !== undefined && { filter: readFilter(filter, filterLimits) }) }
    return { status: 200, body: await store.facets(path.collection, wanted) }
  },
  async putItem({ path, headers, body, files, signal }) {
    const { base64, url, embedding = [], ...text } = body
    const picture = pictureOf(files, { base64, url })
    const source = picture ? { picture } : { embedding: Float32Array.from(embedding) }
    const { item, created } = await items.put(path.collection, path.id, source, text, {
      condition: readCondition(headers),
      signal,
    })
    return { status: created ? 201 : 200, ...tagged(item) }
  },
  async getItem({ path }) {
    return { status: 200, ...tagged(await store.getItem(path.collection, path.id)) }
  },
  async patchItem({ path, headers, body }) {
    const condition = readCondition(headers) ?? {}
    return { status: 200, ...tagged(await store.patchItem(path.collection, path.id, body, condition)) }
  },
  async deleteItem({ path, headers }) {
    await items.delete(path.collection, path.id, readCondition(headers))
    return { status: 204 }
  },
  async deleteItems({ path, body: { ids, filter = {}, all } }) {
    if (ids === undefined)
      return jobBegun(await jobs.deleteMatching(path.collection, { filter, all: all ?? false }))
    return { status: 200, body: { deleted: await store.deleteItems(path.collection, ids) } }
  },
})

/** An item, and its ETag in the head. It may change at any time, and whoever may see it needs a key. */
const tagged = ({ version, ...body }: VersionedItem) => ({
  body,
  headers: { ETag: entityTag(version), 'Cache-Control': 'private, no-cache' },
})
