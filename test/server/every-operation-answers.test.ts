import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClient, type Client } from '../../src/client/client.js'
import { loadContract } from '../../src/server/contract/contract.js'
import type { OperationId } from '../../src/server/contract/operation-types.js'
import { openTestServer, picture, type TestServer } from './test-server.js'

let server: TestServer
let listening: Server
let client: Client
let image: Blob
beforeAll(async () => {
  server = await openTestServer()
  listening = server.express.listen(0, '127.0.0.1')
  await new Promise((resolve) => listening.once('listening', resolve))
  client = createClient(`http://127.0.0.1:${(listening.address() as AddressInfo).port}`)
  image = new Blob([Uint8Array.from(await picture('red'))])
})
afterAll(async () => {
  listening.closeAllConnections()
  listening.close()
  await server.close()
})

const path = { collection: 'shop' }
const boot = { ...path, id: 'boot' }
const monday = { ...path, snapshot: 'monday' }
const shop = { alias: 'store' }
const job = { job: '' }
/** Waits for the job that a step began. */
const over = async (
  begun: Promise<{ readonly id: string } | { readonly deleted: number }>,
): Promise<void> => {
  const answer = await begun
  if (!('id' in answer)) return
  job.job = answer.id
  expect(await server.jobs.finished(job.job)).toMatchObject({ state: 'done', error: null })
}

/** One life of a collection, in which each operation of the contract has its part; the compiler misses any without one. */
const story: Readonly<Record<OperationId, () => Promise<unknown>>> = {
  getServer: () => client.getServer(),
  getLiveness: () => client.getLiveness(),
  getReadiness: () => client.getReadiness(),
  listModels: () => client.listModels(),
  getModel: () => client.getModel({ path: { model: 'tiny' } }),
  embed: () => client.embed({ body: { image: [image] } }),
  putCollection: () => client.putCollection({ path }),
  patchCollection: () => client.patchCollection({ path, body: { keep: 'original' } }),
  getCollection: () => client.getCollection({ path }),
  listCollections: () => client.listCollections(),
  putItem: () => client.putItem({ path: boot, body: { image, metadata: { colour: 'red' } } }),
  patchItem: () => client.patchItem({ path: boot, body: { group: 'boots' } }),
  getItem: () => client.getItem({ path: boot }),
  getItemImage: () => client.getItemImage({ path: boot }),
  listItems: () => client.listItems({ path }),
  getFacets: () => client.getFacets({ path, query: { field: 'colour' } }),
  search: () => client.search({ path, body: { image } }),
  searchBatch: () => client.searchBatch({ path, body: { queries: [{ itemId: 'boot' }] } }),
  createImport: () => {
    const embedding = Array.from({ length: 16 }, () => 1)
    const rows = ['a', 'b'].map((id) => JSON.stringify({ id, embedding })).join('\n')
    return over(client.createImport({ path, body: { file: new File([rows], 'rows.jsonl') } }))
  },
  listJobErrors: () => client.listJobErrors({ path: job }),
  createDuplicates: () => over(client.createDuplicates({ path, body: { threshold: 0.9 } })),
  listJobResult: async () => {
    const { items } = await client.listJobResult({ path: job })
    expect(items.map((group) => group.items.map(({ id }) => id))).toEqual([['a', 'b']])
  },
  getJob: () => client.getJob({ path: job }),
  listJobs: () => client.listJobs(),
  streamJobEvents: async () => {
    const events: string[] = []
    for await (const { event } of await client.streamJobEvents({ path: job })) events.push(event)
    expect(events).toEqual(['progress', 'end'])
  },
  cancelJob: () => client.cancelJob({ path: job }),
  deleteItems: () => over(client.deleteItems({ path, body: { filter: { colour: { exists: false } } } })),
  createSnapshot: () => client.createSnapshot({ path, body: { name: 'monday' } }),
  listSnapshots: () => client.listSnapshots({ path }),
  getSnapshot: () => client.getSnapshot({ path: monday }).then((answer) => answer.blob()),
  putSnapshot: async () => {
    const file = await client.getSnapshot({ path: monday }).then((answer) => answer.blob())
    const body = new Blob([file], { type: 'application/x-tar' })
    return client.putSnapshot({ path: { ...path, snapshot: 'copy' }, body })
  },
  createRestore: () => over(client.createRestore({ path, body: { snapshot: 'copy' } })),
  deleteSnapshot: () => client.deleteSnapshot({ path: monday }),
  rollBackCollection: () => client.rollBackCollection({ path }),
  createReindex: () => over(client.createReindex({ path, body: { model: 'wide' } })),
  deletePrevious: () => client.deletePrevious({ path }),
  putAlias: () => client.putAlias({ path: shop, body: { collection: 'shop' } }),
  getAlias: () => client.getAlias({ path: shop }),
  listAliases: () => client.listAliases(),
  deleteAlias: () => client.deleteAlias({ path: shop }),
  deleteItem: () => client.deleteItem({ path: boot }),
  deleteCollection: () => client.deleteCollection({ path }),
}

it('the story has every operation of the contract', () => {
  expect(Object.keys(story).sort()).toEqual(
    loadContract()
      .operations.map(({ id }) => id)
      .sort(),
  )
})

// In this order, each on what those before it left. What is no success is thrown, and answers are held against the contract.
it.each(Object.entries(story))('%s answers as the contract says', async (_id, step) => {
  await step()
})
