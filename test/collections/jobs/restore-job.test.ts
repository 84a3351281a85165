import { expect, it } from 'vitest'
import { restoreJob } from '../../../src/collections/jobs/restore-job.js'
import { Jobs } from '../../../src/collections/jobs/jobs.js'
import { JobRecords } from '../../../src/collections/jobs/job-records.js'
import { recordingLogger } from '../embedded/support/fixtures.js'
import { item, open, plane } from '../embedded/support/open-store.js'

it('a restore that a killed process had begun is not begun again, and one that waited is', async () => {
  const { store, folder } = await open()
  await store.createCollection('c', plane)
  await store.putItems('c', [item('a', 1, 0)])
  await store.snapshots.create('c', 's')
  await store.putItems('c', [item('b', 1, 0)])
  const request = { of: 'c', snapshot: 's' }
  const records = JobRecords.open(folder)
  const [begun, waited] = ['begun', 'waited'].map((source) =>
    records.create({ kind: 'restore', collection: 'c', source, request }, 10),
  )
  if (!begun || !waited) throw new Error('two were made')
  records.enter(begun.id, 'running')
  records.note(begun.id, { checkpoint: 'begun' })
  records.close()

  const jobs = new Jobs(folder, { keep: 10, atOnce: 1, waiting: 10, logger: recordingLogger().logger })
  const counts: number[] = []
  jobs.goOn((_job, asked) => {
    const work = restoreJob(store, asked as typeof request)
    return {
      run: async (run) => {
        await work.run(run).finally(async () => counts.push((await store.getCollection('c')).counts.items))
      },
    }
  })
  expect(await jobs.finished(begun.id)).toMatchObject({ state: 'failed', error: { code: 'INTERRUPTED' } })
  expect(await jobs.finished(waited.id)).toMatchObject({ state: 'done', counts: { total: 1 } })
  expect(counts).toEqual([2, 1])
  await jobs.close()
})
