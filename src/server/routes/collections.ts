import type { CollectionStore } from '../../collections/collection-store.js'
import { onlyAllowed } from '../access/access.js'
import type { Handlers } from '../contract/operation-types.js'
import type { CollectionService } from '../services/collection-service.js'
import type { JobService } from '../services/job-service.js'

type CollectionHandlers = Pick<
  Handlers,
  'listCollections' | 'putCollection' | 'getCollection' | 'patchCollection' | 'deleteCollection'
>

/** /v1/collections and /v1/collections/{collection} */
export const collectionHandlers = (
  store: CollectionStore,
  collections: CollectionService,
  jobs: Pick<JobService, 'cancelOf'>,
): CollectionHandlers => ({
  async listCollections({ query, access }) {
    const { items, nextCursor } = await store.listCollections(query)
    return { status: 200, body: { items: await onlyAllowed(access, items, ({ name }) => name), nextCursor } }
  },
  async putCollection({ path, body }) {
    const { collection, created } = await collections.create(path.collection, body)
    return { status: created ? 201 : 200, body: collection }
  },
  async getCollection({ path }) {
    return { status: 200, body: await store.getCollection(path.collection) }
  },
  async patchCollection({ path, body }) {
    return { status: 200, body: await collections.change(path.collection, body) }
  },
  async deleteCollection({ path }) {
    await store.deleteCollection(path.collection)
    jobs.cancelOf(path.collection)
    return { status: 204 }
  },
})
