import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { rm, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { JobRecords } from '../../../src/collections/jobs/job-records.js'
import type { Job, JobFilter } from '../../../src/collections/jobs/job.js'
import { decodesHere, type PictureDecoder } from '../../../src/images/picture-decoder.js'
import { makeZip } from '../../datasets/catalogues/make-zip.js'
import { fakeEmbedder } from './support/fake-embedder.js'
import { madeCatalogue, pictureBytes } from './support/made-pictures.js'
import { openJobs, type OpenJobs } from './support/open-jobs.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const opened: OpenJobs[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function open(
  folder: string,
  embedder: ReturnType<typeof fakeEmbedder> | null,
  options: Parameters<typeof openJobs>[2] = {},
): Promise<OpenJobs> {
  const one = await openJobs(folder, embedder, options)
  opened.push(one)
  return one
}
async function closeAll(): Promise<void> {
  for (const one of opened.splice(0)) await one.close()
}

const run = (all: OpenJobs, ...args: Parameters<OpenJobs['start']>): Promise<Job> =>
  all.jobs.finished(all.start(...args).id)

/** A picture that takes for ever. */
const untilAborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(signal.reason as Error)
    })
  })

describe('an import job', () => {
  it('embeds each picture once, says what it did, and embeds nothing of what has not changed', async () => {
    const root = temporaryFolder()
    const source = await madeCatalogue(path.join(root, 'photos'), 100)
    const embedder = fakeEmbedder()
    const all = await open(path.join(root, 'store'), embedder)
    expect(await run(all, source)).toMatchObject({
      kind: 'import',
      collection: 'c',
      source,
      state: 'done',
      counts: { total: 100, embedded: 100, unchanged: 0, failed: 0 },
      etaSeconds: null,
      error: null,
    })
    expect(embedder.count()).toBe(100)
    await writeFile(path.join(root, 'photos/7.png'), await pictureBytes(1000))
    expect((await run(all, source)).counts).toEqual({ total: 100, embedded: 1, unchanged: 99, failed: 0 })
    expect(embedder.count()).toBe(101)
    expect(all.jobs.list({ limit: 1 })).toMatchObject({ items: [{ state: 'done' }] })
  })

  it('embeds the same bytes once, whatever the ids, and gives the same pixels the same embedding', async () => {
    const root = temporaryFolder()
    const photos = path.join(root, 'photos')
    mkdirSync(photos)
    const bytes = await pictureBytes(5)
    for (let n = 0; n < 80; n++) writeFileSync(path.join(photos, `${String(n).padStart(2, '0')}.png`), bytes)
    const embedder = fakeEmbedder()
    const all = await open(path.join(root, 'store'), embedder)
    expect(await run(all, photos)).toMatchObject({ counts: { embedded: 80 } })
    expect(embedder.count()).toBe(1)
    const other = await sharp(bytes).png({ compressionLevel: 0 }).toBuffer()
    expect(other.equals(bytes)).toBe(false)
    writeFileSync(path.join(photos, 'other.png'), other)
    writeFileSync(path.join(photos, 'same.png'), bytes)
    expect(await run(all, photos)).toMatchObject({ counts: { embedded: 2, unchanged: 80 } })
    expect(embedder.count()).toBe(2)
    expect(await all.store.getEmbedding('c', 'other.png')).toEqual(
      await all.store.getEmbedding('c', '00.png'),
    )
  })

  it('keeps the rows that failed, and imports the others', async () => {
    const root = temporaryFolder()
    const source = await madeCatalogue(path.join(root, 'photos'), 70)
    writeFileSync(path.join(root, 'photos/3.png'), 'torn')
    await rm(path.join(root, 'photos/60.png'))
    const all = await open(path.join(root, 'store'), fakeEmbedder())
    const job = await run(all, source)
    expect(job).toMatchObject({ state: 'done', counts: { total: 70, embedded: 68, failed: 2 } })
    const first = all.jobs.errors(job.id, { limit: 1 })
    expect(first.items).toMatchObject([{ row: 5, id: 'p-3', code: 'IMAGE_UNSUPPORTED' }])
    const second = all.jobs.errors(job.id, { limit: 1, cursor: first.nextCursor ?? '' })
    expect(second).toMatchObject({
      items: [{ row: 62, id: 'p-60', code: 'IMAGE_UNREADABLE' }],
      nextCursor: null,
    })
  })

  it('is cancelled, keeps all that was embedded, and goes on where it was', async () => {
    const root = temporaryFolder()
    const source = await madeCatalogue(path.join(root, 'photos'), 500)
    const embedder = fakeEmbedder(() => new Promise((resolve) => setTimeout(resolve, 5)))
    const folder = path.join(root, 'store')
    const all = await open(folder, embedder)
    const { id } = all.start(source)
    while (embedder.count() < 150) await new Promise((resolve) => setTimeout(resolve, 1))
    all.jobs.cancel(id)
    const stopped = await all.jobs.finished(id)
    expect(stopped).toMatchObject({ state: 'cancelled', error: null })
    expect(stopped.counts.total).toBeGreaterThan(0)
    expect(stopped.counts.total).toBeLessThan(500)
    expect(stopped.counts).toMatchObject({ embedded: stopped.counts.total, failed: 0 })
    expect((await all.store.getCollection('c')).counts.items).toBe(embedder.count())
    await closeAll()

    const again = await open(folder, embedder)
    expect(again.jobs.unfinished('c', source)?.id).toBe(id)
    expect(await run(again, source, { resume: id })).toMatchObject({
      id,
      state: 'done',
      counts: { total: 500, embedded: 500, unchanged: 0, failed: 0 },
    })
    expect(embedder.count()).toBe(500)
    expect(again.jobs.unfinished('c', source)).toBeNull()
    expect(() => again.start(source, { resume: id })).toThrow(/not an unfinished import/)
  })

  it('gives up rows that are being decoded when it is cancelled, and takes them up again', async () => {
    const root = temporaryFolder()
    const source = await madeCatalogue(path.join(root, 'photos'), 100)
    const embedder = fakeEmbedder()
    const folder = path.join(root, 'store')
    let begun = 0
    const decoder: PictureDecoder = {
      ...decodesHere,
      prepareInput: (bytes, transform, options) =>
        ++begun > 40 ? untilAborted(options?.signal) : decodesHere.prepareInput(bytes, transform, options),
    }
    const all = await open(folder, embedder, { decoder })
    const { id } = all.start(source)
    await vi.waitUntil(() => begun > 40 && embedder.count() === 40, { timeout: 20_000 })
    all.jobs.cancel(id)
    const stopped = await all.jobs.finished(id)
    expect(stopped).toMatchObject({ state: 'cancelled', error: null, counts: { total: 32, failed: 0 } })
    expect(all.jobs.errors(id, { limit: 10 }).items).toEqual([])
    expect((await all.store.getCollection('c')).counts.items).toBe(40)
    // Rows that waited were not begun.
    expect(begun).toBeLessThan(96)
    await closeAll()

    const again = await open(folder, embedder)
    expect(await run(again, source, { resume: id })).toMatchObject({
      state: 'done',
      counts: { total: 100, embedded: 100, unchanged: 0, failed: 0 },
    })
    expect(embedder.count()).toBe(100)
  })

  it('looks at every row again where the source changed before it went on', async () => {
    const root = temporaryFolder()
    const source = await madeCatalogue(path.join(root, 'photos'), 300)
    const embedder = fakeEmbedder(() => new Promise((resolve) => setTimeout(resolve, 5)))
    const all = await open(path.join(root, 'store'), embedder)
    const { id } = all.start(source)
    while (embedder.count() < 100) await new Promise((resolve) => setTimeout(resolve, 1))
    all.jobs.cancel(id)
    await all.jobs.finished(id)
    await utimes(source, new Date(), new Date(Date.now() + 5000))
    const events: boolean[] = []
    all.start(source, { resume: id })
    all.jobs.watch(id, ({ startedOver }) => events.push(startedOver))
    expect(await all.jobs.finished(id)).toMatchObject({ counts: { total: 300 }, state: 'done' })
    expect(events.filter((changed) => changed)).toHaveLength(1)
    expect(embedder.count()).toBe(300)
  })

  it('looks at every row again where the collection was made anew before it went on', async () => {
    const root = temporaryFolder()
    const source = await madeCatalogue(path.join(root, 'photos'), 200)
    const embedder = fakeEmbedder(() => new Promise((resolve) => setTimeout(resolve, 5)))
    const all = await open(path.join(root, 'store'), embedder)
    const { id } = all.start(source)
    while (embedder.count() < 100) await new Promise((resolve) => setTimeout(resolve, 1))
    all.jobs.cancel(id)
    await all.jobs.finished(id)
    await all.store.deleteCollection('c')
    await all.store.createCollection('c', { model: embedder.model, dimensions: 4 })
    expect(await run(all, source, { resume: id })).toMatchObject({ counts: { total: 200, embedded: 200 } })
    expect((await all.store.getCollection('c')).counts.items).toBe(200)
  })

  it('fails as a whole where its source breaks off, and keeps what came before', async () => {
    const root = temporaryFolder()
    const source = await madeCatalogue(path.join(root, 'photos'), 50)
    writeFileSync(source, `id,image\np-1,1.png\np-2,2.png\nx,"open`)
    const all = await open(path.join(root, 'store'), fakeEmbedder())
    expect(await run(all, source)).toMatchObject({ state: 'failed', error: { code: 'DATASET_INVALID' } })
    expect(await run(all, path.join(root, 'gone.csv'))).toMatchObject({ state: 'failed' })
  })

  it('deletes what the source no longer has, after it said how many, and only after all rows', async () => {
    const root = temporaryFolder()
    const source = await madeCatalogue(path.join(root, 'photos'), 40)
    const all = await open(path.join(root, 'store'), fakeEmbedder())
    await run(all, source)
    // A row that cannot be read is still in the source.
    writeFileSync(path.join(root, 'photos/0.png'), 'torn')
    const rows = Array.from({ length: 30 }, (_, n) => (n === 1 ? 'p-1,1.png,too many' : `p-${n},${n}.png`))
    writeFileSync(source, ['id,image', ...rows, ''].join('\n'))
    const asked: number[] = []
    const answer = (yes: boolean) => (count: number) => {
      asked.push(count)
      return Promise.resolve(yes)
    }
    const refused = await run(all, source, { confirmDeletion: answer(false) })
    expect(refused).toMatchObject({
      state: 'failed',
      error: { code: 'CONFIRMATION_NEEDED' },
      counts: { total: 30, failed: 2 },
    })
    expect((await all.store.getCollection('c')).counts.items).toBe(40)
    const done = await run(all, source, { resume: refused.id, confirmDeletion: answer(true) })
    expect(done).toMatchObject({ state: 'done', deleted: 10, counts: { total: 30, failed: 2 } })
    expect(asked).toEqual([10, 10])
    expect((await all.store.getCollection('c')).counts.items).toBe(30)
    // Nothing to ask about any more.
    expect(await run(all, source, { confirmDeletion: answer(false) })).toMatchObject({
      state: 'done',
      deleted: 0,
    })
  })

  it('deletes nothing where the source may have more ids than could be read', async () => {
    const root = temporaryFolder()
    const all = await open(path.join(root, 'store'), null)
    const source = path.join(root, 'rows.jsonl')
    const row = (id: string): string => JSON.stringify({ id, embedding: [1, 2, 3, 4] })
    writeFileSync(source, ['a', 'b', 'c'].map(row).join('\n'))
    await run(all, source)
    const confirmDeletion = () => Promise.resolve(true)
    for (const lines of [[row('a'), '{"id":"b", broken', row('c')], [row('a'), row('c'), '{}'], []]) {
      writeFileSync(source, lines.join('\n'))
      expect(await run(all, source, { confirmDeletion })).toMatchObject({
        state: 'failed',
        error: { code: 'SOURCE_INCOMPLETE' },
        deleted: 0,
      })
      expect((await all.store.getCollection('c')).counts.items).toBe(3)
    }
  })

  it('deletes nothing, and counts nothing to delete, where no row of the source could be taken', async () => {
    const root = temporaryFolder()
    const source = await madeCatalogue(path.join(root, 'photos'), 7)
    const all = await open(path.join(root, 'store'), fakeEmbedder())
    await run(all, source)
    const asked: number[] = []
    const confirmDeletion = (count: number) => {
      asked.push(count)
      return Promise.resolve(true)
    }
    writeFileSync(source, 'id,image\np-0,gone-0.png\np-1,gone-1.png\n')
    const refused = await run(all, source, { confirmDeletion })
    expect(refused).toMatchObject({
      state: 'failed',
      error: {
        code: 'SOURCE_INCOMPLETE',
        reason: expect.stringMatching(/^None of the 2 rows .* nothing was deleted/) as string,
      },
      counts: { total: 2, failed: 2 },
      deleted: 0,
    })
    // Gone on with, none of its rows is looked at again.
    for (const rest of [{ confirmDeletion, resume: refused.id }, { countMissing: true }]) {
      expect(await run(all, source, rest)).toMatchObject({
        state: 'failed',
        error: { code: 'SOURCE_INCOMPLETE' },
        deleted: 0,
      })
    }
    expect(asked).toEqual([])
    expect((await all.store.getCollection('c')).counts.items).toBe(7)
  })

  it('deletes where one row of the source could be taken, in this run or the one before', async () => {
    const root = temporaryFolder()
    const source = await madeCatalogue(path.join(root, 'photos'), 7)
    const all = await open(path.join(root, 'store'), fakeEmbedder())
    await run(all, source)
    writeFileSync(source, 'id,image\np-0,0.png\np-1,gone.png\n')
    const refused = await run(all, source, { confirmDeletion: () => Promise.resolve(false) })
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'CONFIRMATION_NEEDED' } })
    const resume = { resume: refused.id, confirmDeletion: () => Promise.resolve(true) }
    expect(await run(all, source, resume)).toMatchObject({
      state: 'done',
      deleted: 5,
      counts: { total: 2, unchanged: 1, failed: 1 },
    })
  })

  it('keeps of a failed row what can be read, however long the row', async () => {
    const root = temporaryFolder()
    const all = await open(path.join(root, 'store'), fakeEmbedder())
    const source = path.join(root, 'rows.jsonl')
    writeFileSync(source, JSON.stringify({ id: 'i'.repeat(10_000), image: `ftp:${'x'.repeat(100_000)}` }))
    const { id } = await run(all, source)
    const [error] = all.jobs.errors(id, { limit: 10 }).items
    expect(error?.id?.length).toBe(512)
    expect(error?.reason.length).toBeLessThanOrEqual(500)
  })

  it('takes ready-made embeddings without an embedder, and knows them again', async () => {
    const root = temporaryFolder()
    const source = path.join(root, 'rows.jsonl')
    const row = (n: number, rest: object = {}) =>
      JSON.stringify({ id: `e-${n}`, embedding: [n, 1, 2, 3], ...rest })
    const rows = Array.from({ length: 1000 }, (_, n) => row(n, { price: n, tags: ['a'] }))
    writeFileSync(
      source,
      [
        ...rows,
        JSON.stringify({ id: 'short', embedding: [1] }),
        JSON.stringify({ id: 'zero', embedding: [0, 0, 0, 0] }),
        JSON.stringify({ id: 'picture', image: 'a.jpg' }),
        row(2000, { price: 'a text, where others have numbers' }),
      ].join('\n'),
    )
    const all = await open(path.join(root, 'store'), null)
    const job = await run(all, source)
    expect(job.counts).toEqual({ total: 1004, embedded: 1000, unchanged: 0, failed: 4 })
    expect(all.jobs.errors(job.id, { limit: 10 }).items.map(({ id, code }) => [id, code])).toEqual([
      ['short', 'INVALID_EMBEDDING'],
      ['zero', 'INVALID_EMBEDDING'],
      ['picture', 'INVALID_EMBEDDING'],
      ['e-2000', 'INVALID_METADATA'],
    ])
    expect(await all.store.getItem('c', 'e-5')).toMatchObject({ metadata: { price: 5, tags: ['a'] } })
    expect((await run(all, source)).counts).toMatchObject({ embedded: 0, unchanged: 1000, failed: 4 })
  })

  it('unpacks an archive beside the store, and leaves nothing of it, also not of a process that was killed', async () => {
    const root = temporaryFolder()
    const folder = path.join(root, 'store')
    const source = path.join(root, 'a.zip')
    writeFileSync(
      source,
      makeZip([
        { name: 'catalogue.csv', content: 'id,image\na,1.png\nb,gone.png\n' },
        { name: '1.png', content: await pictureBytes(1) },
      ]),
    )
    mkdirSync(path.join(folder, 'unpacked/left'), { recursive: true })
    const all = await open(folder, fakeEmbedder())
    expect(readdirSync(folder)).not.toContain('unpacked')
    expect(await run(all, source)).toMatchObject({ state: 'done', counts: { embedded: 1, failed: 1 } })
    expect(readdirSync(path.join(folder, 'unpacked'))).toEqual([])
  })

  it('that its process left running is told to be interrupted', async () => {
    const root = temporaryFolder()
    const records = JobRecords.open(root)
    const { id } = records.create({ kind: 'import', collection: 'c', source: '/s', request: null }, 10)
    records.close()
    const all = await open(root, null)
    expect(all.jobs.get(id)).toMatchObject({ state: 'failed', error: { code: 'INTERRUPTED' } })
    expect(all.jobs.unfinished('c', '/s')?.id).toBe(id)
  })
})

describe('job records', () => {
  it('are listed from the newest, by pages, and the oldest go when there are too many', () => {
    const records = JobRecords.open(temporaryFolder())
    const ids = Array.from({ length: 6 }, (_, n) => {
      const { id } = records.create({ kind: 'import', collection: 'c', source: `/${n}`, request: null }, 4)
      records.note(id, {
        counts: { total: 1, embedded: 0, unchanged: 0, failed: 1 },
        ratePerSecond: 1,
        etaSeconds: 2,
        checkpoint: '{}',
        errors: [{ row: 1, id: null, code: 'DATASET_INVALID', reason: 'torn' }],
      })
      records.finish(id, 'done', null)
      return id
    })
    const first = records.list({ limit: 3 })
    const second = records.list({ limit: 3, cursor: first.nextCursor ?? '' })
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.slice(2).reverse())
    expect(second.nextCursor).toBeNull()
    expect(() => records.get(ids[0] ?? '')).toThrow(/There is no job/)
    expect(() => records.errors(ids[0] ?? '', { limit: 1 })).toThrow(/There is no job/)
    expect(() => records.list({ limit: 0 })).toThrow(/limit/)
    records.close()
  })

  it('are listed by state, kind and collection, page by page', () => {
    const records = JobRecords.open(temporaryFolder())
    const make = (kind: 'import' | 'delete', collection: string, state: 'done' | 'failed'): string => {
      const { id } = records.create({ kind, collection, source: '', request: null }, 100)
      records.finish(id, state, null)
      return id
    }
    const a = make('import', 'shoes', 'done')
    const b = make('delete', 'shoes', 'failed')
    const c = make('import', 'hats', 'failed')
    const d = make('import', 'shoes', 'failed')
    const listed = (filter: JobFilter) => records.list({ limit: 10, ...filter }).items.map(({ id }) => id)
    expect(listed({})).toEqual([d, c, b, a])
    expect(listed({ state: 'failed' })).toEqual([d, c, b])
    expect(listed({ kind: 'import' })).toEqual([d, c, a])
    expect(listed({ collection: 'shoes' })).toEqual([d, b, a])
    expect(listed({ state: 'failed', kind: 'import', collection: 'shoes' })).toEqual([d])
    expect(listed({ collection: 'none' })).toEqual([])
    const first = records.list({ limit: 1, state: 'failed' })
    const rest = records.list({ limit: 2, state: 'failed', cursor: first.nextCursor ?? '' })
    expect([first, rest].flatMap(({ items }) => items.map(({ id }) => id))).toEqual([d, c, b])
    expect(rest.nextCursor).toBeNull()
    records.close()
  })

  it('can be read while they are written, and where there are none', () => {
    const folder = temporaryFolder()
    expect(JobRecords.openForReading(folder)).toBeNull()
    // Another process has just begun to make the file.
    writeFileSync(path.join(folder, 'jobs.db'), '')
    expect(JobRecords.openForReading(folder)).toBeNull()
    const records = JobRecords.open(folder)
    const { id } = records.create({ kind: 'import', collection: 'c', source: '/s', request: null }, 4)
    const reader = JobRecords.openForReading(folder)
    expect(reader?.get(id).state).toBe('queued')
    records.finish(id, 'cancelled', null)
    expect(reader?.get(id).state).toBe('cancelled')
    reader?.close()
    records.close()
  })
})
