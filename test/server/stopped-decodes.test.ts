import path from 'node:path'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { JobRecords } from '../../src/collections/jobs/job-records.js'
import type { Job, JobError } from '../../src/collections/jobs/job.js'
import { loadConfig } from '../../src/config.js'
import { startServer, type RunningServer } from '../../src/server/start-server.js'
import { makeZip } from '../datasets/catalogues/make-zip.js'
import { decoderPids } from '../images/decoding/decoder-pids.js'
import { slowJpeg } from '../images/decoding/slow-pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { picture, quiet, writeModels } from './test-server.js'

const models = path.join(temporaryFolder(), 'models')
let running: RunningServer | undefined
beforeAll(() => writeModels(models))
afterEach(async () => {
  await running?.close()
  running = undefined
})

/** Decoded to their end they take a minute, and are within what is asked of them. */
const settings = { decoders: 1, decodeSeconds: 60, maxImagePixels: 1e9, shutdownSeconds: 1 }

/** Begins an import of slow pictures behind a quick one. */
async function beginSlowImport(store: string): Promise<{ url: string; id: string }> {
  const flags = { store, models, model: path.join(models, 'tiny'), port: 0, embedThreads: 1, ...settings }
  running = await startServer(loadConfig({ flags }), quiet)
  const { url } = running
  const headers = { 'content-type': 'application/json' }
  await fetch(`${url}/v1/collections/slow`, { method: 'PUT', headers, body: '{"keep":"none"}' })
  const slow = slowJpeg(4096)
  const names = Array.from({ length: 12 }, (_, n) => `${n + 10}.jpg`)
  const zip = makeZip([
    { name: '01.jpg', content: await picture('red') },
    ...names.map((name) => ({ name, content: Buffer.concat([slow, Buffer.from(name)]) })),
  ])
  const body = new FormData()
  body.append('file', new Blob([new Uint8Array(zip)]), 'slow.zip')
  const begun = await fetch(`${url}/v1/collections/slow/imports`, { method: 'POST', body })
  expect(begun.status).toBe(202)
  const { id } = (await begun.json()) as Job
  return { url, id }
}

/** One decoder of requests, one of jobs, and one more that is there only beside a slow picture. */
const untilSlow = () =>
  expect.poll(async () => (await decoderPids()).length, { timeout: 20_000, interval: 100 }).toBe(3)

it('DELETE ends a job that decodes slow pictures, and says nothing of their rows', async () => {
  const { url, id } = await beginSlowImport(temporaryFolder())
  await untilSlow()
  expect((await fetch(`${url}/v1/jobs/${id}`, { method: 'DELETE' })).status).toBe(200)
  const job = async (): Promise<Job> => (await (await fetch(`${url}/v1/jobs/${id}`)).json()) as Job
  await expect.poll(async () => (await job()).state, { timeout: 10_000 }).toBe('cancelled')
  expect((await job()).counts.failed).toBe(0)
  const errors = (await (await fetch(`${url}/v1/jobs/${id}/errors`)).json()) as { items: JobError[] }
  expect(errors.items).toEqual([])
}, 30_000)

it('a server that is told to stop leaves them to the next one', async () => {
  const store = temporaryFolder()
  const { id } = await beginSlowImport(store)
  await untilSlow()
  await running?.close()
  running = undefined
  const records = JobRecords.openForReading(store)
  expect(records?.get(id)).toMatchObject({ state: 'queued', error: null, counts: { failed: 0 } })
  expect(records?.errors(id, { limit: 10 }).items).toEqual([])
  records?.close()
}, 30_000)
