import type { CollectionStore } from '../../collections/collection-store.js'
import type { Handlers } from '../contract/operation-types.js'
import type { JobService } from '../services/job-service.js'
import { jobBegun } from './job-begun.js'

type SnapshotHandlers = Pick<
  Handlers,
  | 'listSnapshots'
  | 'createSnapshot'
  | 'getSnapshot'
  | 'putSnapshot'
  | 'deleteSnapshot'
  | 'createRestore'
  | 'rollBackCollection'
  | 'deletePrevious'
>

/** /v1/collections/{collection}/snapshots, /restore, /rollback and /previous */
export const snapshotHandlers = (store: CollectionStore, jobs: JobService): SnapshotHandlers => ({
  async listSnapshots({ path }) {
    const items = await store.snapshots.list(await jobs.nameOf(path.collection))
    return {
      status: 200,
      body: { items, nextCursor: null, previous: await store.hasPrevious(path.collection) },
    }
  },
  async createSnapshot({ path, body }) {
    return { status: 201, body: await store.snapshots.create(path.collection, body.name) }
  },
  async getSnapshot({ path }) {
    const collection = await jobs.nameOf(path.collection)
    const { snapshot, content } = await store.snapshots.read(collection, path.snapshot)
    return {
      status: 200,
      type: 'application/x-tar',
      stream: content,
      headers: {
        'Content-Length': String(snapshot.bytes),
        'Content-Disposition': `attachment; filename="${collection}-${path.snapshot}.tar"`,
      },
    }
  },
  async putSnapshot({ path, content }) {
    const collection = await jobs.nameOf(path.collection)
    return { status: 201, body: await store.snapshots.add(collection, path.snapshot, content()) }
  },
  async deleteSnapshot({ path }) {
    await store.snapshots.remove(await jobs.nameOf(path.collection), path.snapshot)
    return { status: 204 }
  },
  async createRestore({ path, body, access }) {
    if (body.into !== undefined) await access.check(body.into)
    return jobBegun(await jobs.restore(path.collection, body.snapshot, body.into))
  },
  async rollBackCollection({ path }) {
    return { status: 200, body: await store.rollBack(path.collection) }
  },
  async deletePrevious({ path }) {
    await store.dropPrevious(path.collection)
    return { status: 204 }
  },
})
