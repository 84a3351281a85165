import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import type { CollectionWorkerData } from '../../../src/collections/embedded/collection-calls.js'
import { CollectionThread } from '../../../src/collections/embedded/collection-thread.js'
import type { NativeGuard } from '../../../src/native-guard.js'
import { startWorker } from '../../../src/worker-thread.js'
import { collectionFolder } from './support/collection-folder.js'
import { alwaysGraph, recordingLogger, unitEmbeddings } from './support/fixtures.js'

const workerModule = '../../../src/collections/embedded/collection.worker'

async function thread(onStart: (worker: Worker, starts: number) => void) {
  const folder = await collectionFolder({ model: null, dimensions: 8, hnsw: { m: 4, ef: 10 } })
  const { logger, lines } = recordingLogger()
  let starts = 0
  const start = (guard: NativeGuard) => {
    const workerData: CollectionWorkerData = { folder, tuning: alwaysGraph, guard }
    const worker = startWorker(import.meta.url, workerModule, { workerData })
    onStart(worker, ++starts)
    return worker
  }
  return { collection: new CollectionThread(start, logger), lines, started: () => starts }
}

/**
 * A call that no thread survives. `terminate()` would not do: in the middle of a native call it takes the process along.
 */
const end = (worker: Worker) => {
  worker.postMessage({ call: -1, name: 'putItems', args: [null, null] })
}

const embeddings = unitEmbeddings(400, 8)
const rows = embeddings.map((_, i) => ({ id: `i${i}`, group: null, metadata: {}, contentHash: null }))
const packed = Float32Array.from(embeddings.flatMap((embedding) => [...embedding]))

it('loses no call when its worker ends: waiting ones are made again and the collection is read anew', async () => {
  const workers: Worker[] = []
  const { collection, lines, started } = await thread((worker) => {
    workers.push(worker)
  })
  await collection.call('putItems', rows, packed)
  workers.forEach(end)
  const searches = embeddings.map((embedding) => collection.call('search', { embedding, k: 1, exact: false }))
  const answers = await Promise.all(searches)
  expect(answers.map(({ hits }) => hits[0]?.id)).toEqual(rows.map(({ id }) => id))
  expect(started()).toBe(2)
  expect(lines()).toContain('starts again')
  await collection.close(true)
})

it('starts again at the next call when its worker ended between calls', async () => {
  const workers: Worker[] = []
  const { collection, started } = await thread((worker) => {
    workers.push(worker)
  })
  await collection.call('putItems', rows, packed)
  workers.forEach(end)
  await Promise.all(workers.map((worker) => once(worker, 'exit').catch(() => undefined)))
  expect((await collection.call('getItem', 'i7')).id).toBe('i7')
  expect(started()).toBe(2)
  await collection.close(false)
})

it('gives a call up that its worker never survives', async () => {
  const { collection, started } = await thread(end)
  await expect(collection.call('getItem', 'i7')).rejects.toThrow(
    expect.objectContaining({ code: 'STORE_FAILED' }),
  )
  expect(started()).toBe(3)
})
