import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, type Client, type OperationId } from '../../src/client/client.js'
import { picture } from '../server/test-server.js'
import type { BuiltServer } from '../support/built-server.js'

/** What a generated request can name and find: the hook file reads it as JSON. */
export interface Seed {
  /** Each has every item. */
  readonly collections: readonly string[]
  /** Those that restores and changes of model are tried on. */
  readonly replaced: readonly string[]
  readonly items: readonly string[]
  /** Items of the first collection that conditional writes use up, each with its ETag. */
  readonly tagged: readonly { readonly id: string; readonly etag: string }[]
  readonly aliases: readonly string[]
  readonly jobs: readonly string[]
  readonly snapshots: readonly string[]
  readonly models: readonly string[]
  readonly filters: readonly object[]
  /** Of the collections' dimensions. */
  readonly embeddings: readonly (readonly number[])[]
  /** By the operation that gave them. */
  readonly cursors: Readonly<Partial<Record<OperationId, string | null>>>
  /** Files. */
  readonly pictures: readonly string[]
  readonly catalogue: string
  readonly snapshotFile: string
}

/** More than the run takes: see the hook file. */
const taggedItems = 300

const colours = ['brown', 'black', 'white']
const shoes = { collection: 'shoes' }
/** Page by page, so that there are cursors. */
const firstOne = { limit: 1 }

/**
 * Fills a server through its own API: items, an alias, jobs with rows that failed and groups found, a snapshot.
 *
 * @param files a folder for what it needs, which the server may import from
 */
export async function seedServer(
  { url, key }: Pick<BuiltServer, 'url' | 'key'>,
  files: string,
): Promise<Seed> {
  const client = createClient(url, { key })
  const pictures = await Promise.all(
    colours.map(async (colour) => {
      const file = path.join(files, `${colour}.jpg`)
      const bytes = await picture(colour, 'red')
      await writeFile(file, bytes)
      return { file, base64: bytes.toString('base64'), colour }
    }),
  )
  const embedded = await client.embed({ body: { base64: pictures.map(({ base64 }) => base64) } })
  await client.putCollection({ path: shoes, body: { keep: 'original' } })
  await client.putCollection({ path: { collection: 'spare' }, body: { keep: 'original' } })
  await client.putAlias({ path: { alias: 'shop' }, body: shoes })
  const items = colours.map((_, number) => `boot-${number + 1}`)
  for (const collection of ['shoes', 'spare']) {
    for (const [number, { base64, colour }] of pictures.entries()) {
      await client.putItem({
        path: { collection, id: items[number] ?? '' },
        body: { base64, metadata: { colour, price: 10 * number }, group: 'boots' },
      })
    }
  }
  const tagged = []
  for (let number = 0; number < taggedItems; number++) {
    const id = `tagged-${number}`
    const embedding = [...(embedded.embeddings[0] ?? [])]
    const etag = await etagOfNew(client, id, embedding)
    tagged.push({ id, etag })
  }
  const catalogue = path.join(files, 'rows.csv')
  const rows = pictures.map(({ base64 }, number) => `row-${number},"data:image/jpeg;base64,${base64}"`)
  await writeFile(catalogue, ['id,image', ...rows, 'wrong,none', 'wronger,none', ''].join('\n'))
  const jobs = [
    await client.createImport({ path: shoes, body: { path: catalogue } }),
    await client.createDuplicates({ path: { collection: 'spare' }, body: { threshold: 0.5 } }),
  ].map(({ id }) => id)
  for (const job of jobs) await over(client, job)
  const failed = await client.listJobErrors({ path: { job: jobs[0] ?? '' }, query: firstOne })

  const snapshotFile = path.join(files, 'monday.tar')
  await client.createSnapshot({ path: shoes, body: { name: 'monday' } })
  await client.createSnapshot({ path: { collection: 'spare' }, body: { name: 'monday' } })
  const file = await client.getSnapshot({ path: { collection: 'spare', snapshot: 'monday' } })
  await writeFile(snapshotFile, Buffer.from(await file.arrayBuffer()))
  return {
    collections: ['shoes', 'shop'],
    replaced: ['spare'],
    items,
    tagged,
    aliases: ['shop'],
    jobs,
    snapshots: ['monday'],
    models: ['tiny', 'wide'],
    filters: [
      {},
      { colour: { eq: 'brown' } },
      { or: [{ price: { lt: 15 } }, { not: { colour: { exists: true } } }] },
    ],
    embeddings: embedded.embeddings,
    cursors: {
      listCollections: (await client.listCollections({ query: firstOne })).nextCursor,
      listItems: (await client.listItems({ path: shoes, query: firstOne })).nextCursor,
      listJobs: (await client.listJobs({ query: firstOne })).nextCursor,
      listJobErrors: failed.nextCursor,
    },
    pictures: pictures.map(({ file }) => file),
    catalogue,
    snapshotFile,
  }
}

async function etagOfNew(client: Client, id: string, embedding: number[]): Promise<string> {
  const etags: string[] = []
  const onHeaders = (headers: Headers): void => {
    etags.push(headers.get('etag') ?? '')
  }
  await client.putItem({ path: { ...shoes, id }, body: { embedding }, onHeaders })
  const [etag = ''] = etags
  if (etag === '') throw new Error(`${id} was written without an ETag`)
  return etag
}

async function over(client: Client, job: string): Promise<void> {
  for (;;) {
    const { state } = await client.getJob({ path: { job } })
    if (state === 'failed' || state === 'cancelled') throw new Error(`The job ${job} ended as ${state}`)
    if (state === 'done') return
    await sleep(50)
  }
}
