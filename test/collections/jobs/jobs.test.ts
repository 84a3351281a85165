import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import type { JobRun, JobWork } from '../../../src/collections/jobs/job-work.js'
import type { Job } from '../../../src/collections/jobs/job.js'
import { Jobs } from '../../../src/collections/jobs/jobs.js'
import { code } from '../embedded/support/open-store.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const opened: Jobs[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

function open({ folder = temporaryFolder(), atOnce = 1, waiting = 100 } = {}): Jobs {
  const jobs = new Jobs(folder, { keep: 100, atOnce, waiting, logger: pino({ level: 'silent' }) })
  opened.push(jobs)
  return jobs
}

/** A work that goes on until it is told to end or to stop, and what became of it. */
function gate(): JobWork & { readonly runs: JobRun[]; readonly overs: () => number; end(): void } {
  const runs: JobRun[] = []
  let [overs, end] = [0, (): void => undefined]
  return {
    runs,
    overs: () => overs,
    end: () => {
      end()
    },
    run: (run) =>
      new Promise((resolve, reject) => {
        runs.push(run)
        end = resolve
        run.signal.addEventListener('abort', () => {
          reject(run.signal.reason as Error)
        })
      }),
    over: () => {
      overs++
      return Promise.resolve()
    },
  }
}

const wanted = (collection = 'c', request?: object) =>
  ({ kind: 'delete', collection, source: '{}', ...(request && { request }) }) as const
const states = (jobs: Jobs, ...all: Job[]): string[] => all.map(({ id }) => jobs.get(id).state)
const untilRuns = async (work: { readonly runs: JobRun[] }, count = 1): Promise<void> => {
  await expect.poll(() => work.runs.length).toBe(count)
}

describe('jobs', () => {
  it('run so many at a time, those of one collection one after the other, and refuse more than may wait', async () => {
    const jobs = open({ atOnce: 2, waiting: 2 })
    const works = ['c', 'c', 'd', 'e'].map((collection) => ({ collection, work: gate() }))
    const [a, b, c, d] = works.map(({ collection, work }) => jobs.start(wanted(collection), work))
    if (!a || !b || !c || !d) throw new Error('four were started')
    expect(states(jobs, a, b, c, d)).toEqual(['running', 'queued', 'running', 'queued'])
    expect(() => jobs.start(wanted('f'), gate())).toThrow(code('JOBS_FULL'))
    await untilRuns(works[2]?.work ?? gate())
    works[2]?.work.end()
    await jobs.finished(c.id)
    // `b` came first, but its collection is busy.
    expect(states(jobs, a, b, c, d)).toEqual(['running', 'queued', 'done', 'running'])
    works[0]?.work.end()
    expect((await jobs.finished(a.id)).state).toBe('done')
    expect(states(jobs, b)).toEqual(['running'])
  })

  it('are cancelled while they wait, and while they run', async () => {
    const jobs = open()
    const [running, waiting] = [gate(), gate()]
    const first = jobs.start(wanted(), running)
    const second = jobs.start(wanted(), waiting)
    expect(jobs.cancel(second.id).state).toBe('cancelled')
    await untilRuns(running)
    jobs.cancel(first.id)
    expect((await jobs.finished(first.id)).state).toBe('cancelled')
    expect([running.overs(), waiting.overs(), waiting.runs.length]).toEqual([1, 1, 0])
    expect(jobs.cancel(first.id).state).toBe('cancelled')
    expect(() => jobs.cancel('none')).toThrow(code('JOB_NOT_FOUND'))
  })

  it('that can be gone on with are left to the next process, unless they were cancelled', async () => {
    const folder = temporaryFolder()
    const jobs = open({ folder, atOnce: 3 })
    const works = [gate(), gate(), gate(), gate()]
    const [lasting, cancelled, passing, queued] = works.map((work, n) =>
      jobs.start(wanted(`c${n % 3}`, n === 2 ? undefined : { n }), work),
    )
    if (!lasting || !cancelled || !passing || !queued) throw new Error('four were started')
    for (const work of works.slice(0, 3)) await untilRuns(work)
    works[0]?.runs[0]?.report({ checkpoint: 'half', results: [{ a: 1 }], deleted: 5 })
    jobs.cancel(cancelled.id)
    await jobs.close()
    expect(() => jobs.start(wanted(), gate())).toThrow(code('SHUTTING_DOWN'))
    expect(works.map((work) => work.overs())).toEqual([0, 1, 1, 0])

    const next = open({ folder })
    expect(states(next, lasting, cancelled, passing, queued)).toEqual([
      'queued',
      'cancelled',
      'cancelled',
      'queued',
    ])
    const again = new Map([
      [lasting.id, gate()],
      [queued.id, gate()],
    ])
    const asked: unknown[] = []
    next.goOn((job, request) => {
      asked.push(request)
      return again.get(job.id) ?? gate()
    })
    expect(asked).toEqual([{ n: 0 }, { n: 3 }])
    const work = again.get(lasting.id) ?? gate()
    await untilRuns(work)
    expect(work.runs[0]).toMatchObject({ resumed: true, checkpoint: 'half', job: { deleted: 5 } })
    work.end()
    expect((await next.finished(lasting.id)).state).toBe('done')
    expect(next.results(lasting.id, { limit: 10 })).toEqual({ items: [{ a: 1 }], nextCursor: null })
  })

  it('are given up where the next process is not to go on', async () => {
    const folder = temporaryFolder()
    const jobs = open({ folder })
    const work = gate()
    const { id } = jobs.start(wanted('c', {}), work)
    await untilRuns(work)
    await jobs.close()
    const next = open({ folder })
    next.giveUp()
    expect(next.get(id)).toMatchObject({ state: 'failed', error: { code: 'INTERRUPTED' } })
  })

  it('tell who watches, keep their result until they are asked, and start over when they must', async () => {
    const jobs = open()
    const work = gate()
    const { id } = jobs.start(wanted(), work)
    const heard: string[] = []
    const unwatch = jobs.watch(id, ({ job }) => heard.push(String(job.counts.total)))
    await untilRuns(work)
    const run = work.runs[0]
    if (run === undefined) throw new Error('it runs')
    const counts = { total: 3, embedded: 0, unchanged: 0, failed: 0 }
    expect(run.report({ counts, results: [{ n: 1 }, { n: 2 }] })).toMatchObject({ counts })
    expect(() => jobs.results(id, { limit: 1 })).toThrow(code('JOB_UNFINISHED'))
    run.startOver()
    run.report({ results: [{ n: 3 }, { n: 4 }] })
    unwatch()
    run.report({ counts: { ...counts, total: 9 } })
    work.end()
    await jobs.finished(id)
    expect(heard).toEqual(['3', '0', '0'])
    const first = jobs.results(id, { limit: 1 })
    expect(first.items).toEqual([{ n: 3 }])
    expect(jobs.results(id, { limit: 1, cursor: first.nextCursor ?? '' }).items).toEqual([{ n: 4 }])
    expect(() => jobs.results(id, { limit: 1, cursor: 'x' })).toThrow(code('INVALID_CURSOR'))
  })

  it('that throw have failed, and say why', async () => {
    const jobs = open()
    const { id } = jobs.start(wanted(), { run: () => Promise.reject(new Error('a fault of ours')) })
    expect(await jobs.finished(id)).toMatchObject({
      state: 'failed',
      error: { code: 'INTERNAL', reason: 'a fault of ours' },
    })
  })
})
