import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import type { Job } from '../../../src/collections/jobs/job.js'
import { randomFrom } from '../embedded/support/fixtures.js'
import { fakeEmbedder } from './support/fake-embedder.js'
import { madeCatalogue } from './support/made-pictures.js'
import { openJobs } from './support/open-jobs.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const count = 300

interface Round {
  readonly resumed: boolean
  readonly embedded: number
  readonly finished: readonly string[]
  readonly job: Job | null
}

/** Runs the importer, killed `delay` ms after its job started. */
async function importAndKill(folder: string, source: string, delay: number | null): Promise<Round> {
  const script = path.join(import.meta.dirname, 'support/kill-importer.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let [resumed, embedded] = [false, 0]
  const finished: string[] = []
  let job: Job | null = null
  for await (const line of createInterface(child.stdout)) {
    const [what, ...rest] = line.split(' ')
    if (what === 'started') {
      resumed = rest[1] === 'resumed'
      if (delay !== null) setTimeout(() => child.kill('SIGKILL'), delay)
    } else if (what === 'embedded') embedded += Number(rest[0])
    else if (what === 'finished') finished.push(rest[0] ?? '')
    else if (what === 'job') job = JSON.parse(rest.join(' ')) as Job
  }
  await ended
  return { resumed, embedded, finished, job }
}

it(
  'goes on after SIGKILL at any moment, does no finished row twice, and counts each row once',
  { timeout: 180_000 },
  async () => {
    const root = temporaryFolder()
    const source = await madeCatalogue(path.join(root, 'photos'), count)
    const store = path.join(root, 'store')
    const random = randomFrom(5)
    const rounds: Round[] = []
    const finished = new Set<string>()
    for (let round = 0; round < 7; round++) {
      const delay = round < 6 ? 20 + random() * 150 : null
      const result = await importAndKill(store, source, delay)
      rounds.push(result)
      // Written a second time, a row would have been embedded a second time.
      for (const id of result.finished) {
        expect(finished.has(id)).toBe(false)
        finished.add(id)
      }
      // Each row was embedded in the round that finished it, or its round was killed before it could.
      expect(result.embedded).toBeGreaterThanOrEqual(result.finished.length)
      if (result.job?.state === 'done') break
      expect(result.job).toBeNull()
    }
    const last = rounds.at(-1)
    expect(rounds.length).toBeGreaterThan(2)
    expect(rounds.slice(1).every(({ resumed }) => resumed)).toBe(true)
    expect(last?.job).toMatchObject({
      state: 'done',
      counts: { total: count, embedded: count, unchanged: 0, failed: 0 },
    })
    // What was killed between the store's write and our line is in the store all the same.
    expect(finished.size).toBeGreaterThan(count - 100 * rounds.length)
    const opened = await openJobs(store, fakeEmbedder())
    expect((await opened.store.getCollection('c')).counts.items).toBe(count)
    expect(opened.jobs.list({ limit: 10 }).items).toHaveLength(1)
    await opened.close()
  },
)
