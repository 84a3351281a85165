import type { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { CollectionThread } from '../../../src/collections/embedded/collection-thread.js'
import { startWorker } from '../../../src/worker-thread.js'
import { alwaysGraph, collectionFolder, recordingLogger, unitEmbeddings } from './support/fixtures.js'

const workerModule = '../../../src/collections/embedded/collection.worker'

async function thread(onStart: (worker: Worker, starts: number) => void) {
  const folder = await collectionFolder({ model: null, dimensions: 8, hnsw: { m: 4, ef: 10 } })
  const { logger, lines } = recordingLogger()
  let starts = 0
  const start = () => {
    const worker = startWorker(import.meta.url, workerModule, { workerData: { folder, tuning: alwaysGraph } })
    onStart(worker, ++starts)
    return worker
  }
  return { collection: new CollectionThread(start, logger), lines, started: () => starts }
}

const embeddings = unitEmbeddings(400, 8)
const rows = embeddings.map((_, i) => ({ id: `i${i}`, group: null, metadata: {}, contentHash: null }))
const packed = Float32Array.from(embeddings.flatMap((embedding) => [...embedding]))

it('loses no call when its worker ends: waiting ones are made again and the collection is read anew', async () => {
  let current: Worker | null = null
  const { collection, lines, started } = await thread((worker) => {
    current = worker
  })
  await collection.call('putItems', rows, packed)
  const searches = embeddings.map((embedding) => collection.call('search', { embedding, k: 1, exact: false }))
  await (current as Worker | null)?.terminate()
  const answers = await Promise.all(searches)
  expect(answers.map(({ hits }) => hits[0]?.id)).toEqual(rows.map(({ id }) => id))
  expect(started()).toBe(2)
  expect(lines()).toContain('starts again')
  await collection.close(true)
})

it('starts again at the next call when its worker ended between calls', async () => {
  let current: Worker | null = null
  const { collection, started } = await thread((worker) => {
    current = worker
  })
  await collection.call('putItems', rows, packed)
  await (current as Worker | null)?.terminate()
  expect((await collection.call('getItem', 'i7')).id).toBe('i7')
  expect(started()).toBe(2)
  await collection.close(false)
})

it('gives a call up that its worker never survives', async () => {
  const { collection, started } = await thread((worker) => {
    void worker.terminate()
  })
  await expect(collection.call('getItem', 'i7')).rejects.toThrow(
    expect.objectContaining({ code: 'STORE_FAILED' }),
  )
  expect(started()).toBe(3)
})
