import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { JobRecords } from '../../src/collections/jobs/job-records.js'
import type { Job } from '../../src/collections/jobs/job.js'
import { loadConfig } from '../../src/config.js'
import { startServer, type RunningServer } from '../../src/server/start-server.js'
import { quiet, writeModels } from './test-server.js'
import { eventsIn } from './watch-job.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const models = path.join(temporaryFolder(), 'models')
const count = 30_000
const rows = Array.from({ length: count }, (_, n) => `{"id":"r-${n}","embedding":[${n + 1},1]}\n`).join('')

let child: ChildProcess | undefined
let running: RunningServer | undefined
beforeAll(() => writeModels(models))
afterEach(async () => {
  child?.kill('SIGKILL')
  await running?.close()
  child = running = undefined
})

const flagsFor = (store: string) => ({
  store,
  models,
  model: path.join(models, 'tiny'),
  port: 0,
  embedThreads: 1,
})
const start = async (store: string, more: object = {}): Promise<RunningServer> => {
  running = await startServer(loadConfig({ flags: { ...flagsFor(store), ...more } }), quiet)
  return running
}

async function beginImport(url: string): Promise<string> {
  await fetch(`${url}/v1/collections/vectors`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{"dimensions":2}',
  })
  const body = new FormData()
  body.append('file', new Blob([rows]), 'rows.jsonl')
  const begun = await fetch(`${url}/v1/collections/vectors/imports`, { method: 'POST', body })
  expect(begun.status).toBe(202)
  return ((await begun.json()) as Job).id
}
const job = async (url: string, id: string): Promise<Job> =>
  (await (await fetch(`${url}/v1/jobs/${id}`)).json()) as Job
/** Waits until some rows are in, not all: by the records themselves, for no request is as quick. */
async function untilHalfway(store: string, id: string): Promise<Job> {
  const records = JobRecords.openForReading(store)
  if (records === null) throw new Error('there is a job')
  try {
    const options = { timeout: 30_000, interval: 5 }
    await expect.poll(() => records.get(id).counts.total, options).toBeGreaterThan(0)
    const now = records.get(id)
    expect(now.state).toBe('running')
    return now
  } finally {
    records.close()
  }
}
/** Waits for the end by the job's events. */
const untilOver = async (url: string, id: string): Promise<Job | undefined> =>
  eventsIn(await (await fetch(`${url}/v1/jobs/${id}/events`)).text()).find(({ event }) => event === 'end')
    ?.job
const complete = { state: 'done', counts: { total: count, embedded: count, unchanged: 0, failed: 0 } }

describe('an import that a server had begun', () => {
  it('goes on after SIGKILL when the server is started again, and does no row twice', async () => {
    const store = temporaryFolder()
    const script = path.join(import.meta.dirname, 'support/serve-until-killed.ts')
    const env = { ...process.env, KINDRED_STORE: store, KINDRED_MODELS: models, KINDRED_PORT: '0' }
    child = spawn(process.execPath, ['--import', 'tsx', script], {
      env: { ...env, KINDRED_MODEL: path.join(models, 'tiny') },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (child.stdout === null) throw new Error('its output is piped')
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string]
    const id = await beginImport(url)
    const before = await untilHalfway(store, id)
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    expect(readdirSync(path.join(store, 'uploads'))).toHaveLength(1)

    const again = await start(store)
    expect(await untilOver(again.url, id)).toMatchObject(complete)
    expect(before.counts.total).toBeLessThan(count)
    const collection = await (await fetch(`${again.url}/v1/collections/vectors`)).json()
    expect(collection).toMatchObject({ counts: { items: count } })
    expect(readdirSync(path.join(store, 'uploads'))).toEqual([])
  })

  it('is stopped by a graceful stop, whose followers hear no end, and goes on afterwards', async () => {
    const store = temporaryFolder()
    const first = await start(store)
    const id = await beginImport(first.url)
    const followed = (await fetch(`${first.url}/v1/jobs/${id}/events`)).text()
    await untilHalfway(store, id)
    const began = performance.now()
    await first.close()
    expect(performance.now() - began).toBeLessThan(10_000)
    const events = eventsIn(await followed)
    expect(events.length).toBeGreaterThan(0)
    expect(events.filter(({ event }) => event !== 'progress')).toEqual([])
    const records = JobRecords.openForReading(store)
    expect(records?.get(id)).toMatchObject({ state: 'queued', error: null })
    records?.close()

    const again = await start(store)
    expect(await untilOver(again.url, id)).toMatchObject(complete)
  })

  it('is given up where the settings say so, and its upload goes', async () => {
    const store = temporaryFolder()
    const first = await start(store)
    const id = await beginImport(first.url)
    await untilHalfway(store, id)
    await first.close()
    const again = await start(store, { abandonJobs: true })
    expect(await job(again.url, id)).toMatchObject({ state: 'failed', error: { code: 'INTERRUPTED' } })
    expect(readdirSync(path.join(store, 'uploads'))).toEqual([])
  })
})
