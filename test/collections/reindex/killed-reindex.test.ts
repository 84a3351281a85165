import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import type { Job } from '../../../src/collections/jobs/job.js'
import { verifyStore } from '../../../src/collections/embedded/verify-store.js'
import { randomFrom } from '../embedded/support/fixtures.js'
import { open } from '../embedded/support/open-store.js'
import { manyPictures, newItem, oldCollection } from './support/pictured-collection.js'

const count = 200

/** Runs the change of model, killed `delay` ms after its job started. */
async function reindexAndKill(folder: string, delay: number | null) {
  const script = path.join(import.meta.dirname, 'support/kill-reindexer.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const finished: string[] = []
  let job: Job | null = null
  for await (const line of createInterface(child.stdout)) {
    const [what, ...rest] = line.split(' ')
    if (what === 'started' && delay !== null) setTimeout(() => child.kill('SIGKILL'), delay)
    else if (what === 'finished') finished.push(rest[0] ?? '')
    else if (what === 'job') job = JSON.parse(rest.join(' ')) as Job
  }
  await ended
  return { finished, job }
}

it(
  'a change of model goes on after SIGKILL at any moment, embeds no item twice, and misses no write in between',
  { timeout: 180_000 },
  async () => {
    const { store, folder } = await open()
    const put = await oldCollection(store)
    await put(await manyPictures(count))
    await store.close()
    const random = randomFrom(3)
    const done = new Set<string>()
    const written = new Set<string>()
    let job: Job | null = null
    let rounds = 0
    for (; rounds < 6; rounds++) {
      const round = await reindexAndKill(folder, rounds < 5 ? 60 + random() * 300 : null)
      for (const id of round.finished) {
        if (!written.has(id)) expect(done.has(id)).toBe(false)
        done.add(id)
      }
      job = round.job
      if (job !== null) break
      // Between the runs the collection is used as before.
      const between = (await open(folder)).store
      expect(await between.getCollection('c')).toMatchObject({ model: 'fake@1' })
      const id = `p-${String(rounds * 7).padStart(3, '0')}`
      written.add(id)
      await between.putItems('c', [await newItem(id, 5000 + rounds)], { model: 'fake@1' })
      await between.deleteItems('c', [`p-${String(rounds * 7 + 1).padStart(3, '0')}`])
      await between.close()
    }
    expect(rounds).toBeGreaterThan(1)
    const left = count - rounds
    expect(job).toMatchObject({ state: 'done', counts: { total: left, embedded: left, failed: 0 } })
    const after = (await open(folder)).store
    expect(await after.getCollection('c')).toMatchObject({ model: 'fake@2', counts: { items: left } })
    for (let round = 0; round < rounds; round++) {
      const id = `p-${String(round * 7).padStart(3, '0')}`
      const { contentHash } = await newItem(id, 5000 + round)
      expect(await after.getItem('c', id)).toMatchObject({ contentHash, kept: ['original'] })
    }
    await after.close()
    expect(await verifyStore(folder)).toMatchObject([{ state: 'good' }])
  },
)
