import { openAsBlob } from 'node:fs'
import { Readable } from 'node:stream'
import type { Client } from '../../client/client.js'
import { KindredError } from '../../errors.js'
import type { SnapshotCommands } from '../snapshot-commands.js'
import { followRemoteJob } from './remote-job.js'

/** The snapshots of a server's collections, through its API. */
export function remoteSnapshots(client: Client): SnapshotCommands {
  const at = (collection: string, snapshot: string) => ({ collection, snapshot })
  const list: SnapshotCommands['list'] = async (collection) => {
    const { items } = await client.listSnapshots({ path: { collection } })
    return [...items]
  }
  const getCollection = (collection: string) => client.getCollection({ path: { collection } })
  return {
    list,
    create: (collection, name) =>
      client.createSnapshot({ path: { collection }, body: name === undefined ? {} : { name } }),
    async read(collection, name) {
      const snapshot = (await list(collection)).find((one) => one.name === name)
      const { body } = await client.getSnapshot({ path: at(collection, name) })
      if (snapshot === undefined || body === null) {
        throw new KindredError('SNAPSHOT_NOT_FOUND', `${collection} has no snapshot ${name}`)
      }
      return { snapshot, content: Readable.fromWeb(body) }
    },
    async addFile(collection, name, file) {
      const content = await openAsBlob(file, { type: 'application/x-tar' })
      return client.putSnapshot({ path: at(collection, name), body: content })
    },
    async remove(collection, name) {
      await client.deleteSnapshot({ path: at(collection, name) })
    },
    async restore(collection, snapshot, into) {
      const begun = await client.createRestore({
        path: { collection },
        body: { snapshot, ...(into !== undefined && { into }) },
      })
      const job = await followRemoteJob(client, begun.id)
      return getCollection(job.collection)
    },
    rollBack: (collection) => client.rollBackCollection({ path: { collection } }),
    async dropPrevious(collection) {
      await client.deletePrevious({ path: { collection } })
    },
  }
}
