import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { indexCommand } from '../../src/cli/index-command.js'
import { jobsCommand } from '../../src/cli/jobs.js'
import { JobRecords } from '../../src/collections/jobs/job-records.js'
import { npyHeader } from '../../src/evaluation/npy-header.js'
import { makeZip } from '../datasets/catalogues/make-zip.js'
import { run } from './run.js'

const root = mkdtempSync(path.join(tmpdir(), 'kindred-jobs-'))
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

const store = ['--store', path.join(root, 'store'), '--models', path.join(root, 'models')]
const index = (...args: string[]) => run(indexCommand(), ...args, ...store)
const jobs = (...args: string[]) => run(jobsCommand(), ...args, '--store', path.join(root, 'store'))

const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(path.join(root, name), content)
  return path.join(root, name)
}
const rows = (...ids: string[]): string =>
  ids.map((id, n) => JSON.stringify({ id, embedding: [n + 1, 1] })).join('\n')
const counts = async (...args: string[]): Promise<unknown> => {
  const { out } = await index(...args, '--json')
  return JSON.parse(out) as unknown
}

describe('jobs', () => {
  it('are none where there is no store', async () => {
    expect(JSON.parse((await jobs('--json')).out)).toEqual({ items: [] })
    await expect(jobs('errors', 'x')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' })
  })

  it('of embeddings make a collection without a model, are listed, and print the rows that failed', async () => {
    const source = file('rows.jsonl', `${rows('a', 'b')}\n{"id":"c, d","embedding":[1]}\nno "JSON"`)
    const { out, err, exitCode } = await index(source, '--collection', 'vectors')
    expect(out).toBe('vectors: 2 embedded, 0 unchanged, 2 failed\n')
    expect(exitCode).toBe(1)
    const id = /kindred jobs errors (\w+)/.exec(err)?.[1] ?? ''
    expect((await jobs()).out).toMatch(
      new RegExp(`^${id}  .*  done  .*rows.jsonl -> vectors: 2 embedded, 0 unchanged, 2 failed\\n$`),
    )
    const listed = JSON.parse((await jobs('--json')).out) as { items: unknown[] }
    expect(listed.items).toMatchObject([
      { id, kind: 'import', state: 'done', counts: { total: 4, embedded: 2, unchanged: 0, failed: 2 } },
    ])
    const csv = (await jobs('errors', id)).out.split('\n')
    expect(csv[0]).toBe('row,id,code,reason')
    expect(csv[1]).toMatch(/^3,"c, d",INVALID_EMBEDDING,/)
    expect(csv[2]).toBe('4,,DATASET_INVALID,the line is not a JSON object')
    expect(JSON.parse((await jobs('errors', id, '--json')).out)).toMatchObject([
      { row: 3, id: 'c, d', code: 'INVALID_EMBEDDING' },
      { row: 4, id: null, code: 'DATASET_INVALID' },
    ])
  })

  it('take a matrix with its ids, and refuse one of other dimensions', async () => {
    const values = Float32Array.of(1, 2, 3, 4, 5, 6)
    const two = file('two.npy', Buffer.concat([npyHeader(3, 2), Buffer.from(values.buffer)]))
    const three = file('three.npy', Buffer.concat([npyHeader(2, 3), Buffer.from(values.buffer)]))
    const ids = file('ids.txt', 'x\ny\nz\n')
    const done = await counts(two, '--ids', ids, '--collection', 'matrix')
    expect(done).toMatchObject({ counts: { total: 3, embedded: 3, failed: 0 } })
    expect(await counts(two, '--ids', ids, '--collection', 'matrix')).toMatchObject({
      counts: { unchanged: 3 },
    })
    const fewer = file('fewer.txt', 'x\ny\n')
    await expect(index(three, '--ids', fewer, '--collection', 'matrix')).rejects.toMatchObject({
      code: 'INVALID_EMBEDDING',
    })
    await expect(index(two, '--collection', 'matrix')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(index(two, '--ids', 'nowhere', '--collection', 'matrix')).rejects.toThrow(/nowhere/)
  })

  it('delete what the source no longer has, when no more than was allowed', async () => {
    const source = file('shrinking.jsonl', rows('a', 'b', 'c', 'd'))
    const to = ['--collection', 'shrinking']
    await index(source, ...to)
    file('shrinking.jsonl', rows('a'))
    await expect(index(source, ...to, '--delete-missing')).rejects.toMatchObject({
      code: 'CONFIRMATION_NEEDED',
      message: expect.stringContaining('3 items are no longer in the source') as string,
    })
    await expect(index(source, ...to, '--delete-missing=2')).rejects.toMatchObject({
      code: 'CONFIRMATION_NEEDED',
    })
    const { err } = await index(source, ...to)
    expect(err).toMatch(/job \w+ of this source is unfinished \(failed after 1 row\); --resume goes on/)
    expect(await counts(source, ...to, '--delete-missing', '--confirm', '3')).toMatchObject({ deleted: 3 })
    expect(await counts(source, ...to, '--delete-missing=0')).toMatchObject({ deleted: 0 })
    await expect(index(source, ...to, '--confirm', '3')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('delete nothing where no row of the source could be taken', async () => {
    const source = file('wrong.jsonl', rows('a', 'b', 'c'))
    const to = ['--collection', 'wrong']
    await index(source, ...to)
    file('wrong.jsonl', '{"id":"a","picture":"a.jpg"}\n{"id":"d","picture":"d.jpg"}\n')
    await expect(index(source, ...to, '--delete-missing=3')).rejects.toMatchObject({
      code: 'SOURCE_INCOMPLETE',
      message: expect.stringContaining('nothing was deleted') as string,
    })
    file('wrong.jsonl', rows('a', 'b', 'c'))
    expect(await counts(source, ...to)).toMatchObject({ counts: { unchanged: 3 } })
  })

  it('stop at Ctrl-C, say how to go on, and go on', async () => {
    const ids = Array.from({ length: 40_000 }, (_, n) => `row-${n}`)
    const source = file('long.jsonl', rows(...ids))
    const settled = (): number => {
      const records = JobRecords.openForReading(path.join(root, 'store'))
      const [newest] = records?.list({ limit: 1 }).items ?? []
      records?.close()
      return newest?.source === source ? newest.counts.total : 0
    }
    const running = index(source, '--collection', 'long')
    await vi.waitUntil(() => settled() > 0, { timeout: 30_000, interval: 5 })
    process.emit('SIGINT')
    const stopped = await running
    expect(stopped.exitCode).toBe(130)
    expect(stopped.err).toMatch(/stopped; run the same command with --resume/)
    const before = settled()
    expect(before).toBeLessThan(40_000)
    expect(await counts(source, '--collection', 'long', '--resume')).toMatchObject({
      counts: { total: 40_000, embedded: 40_000, unchanged: 0, failed: 0 },
    })
  })

  it('are not begun for an archive that is refused', async () => {
    const source = file('a.zip', makeZip(['a.jpg', 'b.jpg'].map((name) => ({ name, content: 'x' }))))
    const before = (await jobs('--json')).out
    await expect(index(source, '--collection', 'z', '--max-archive-members', '1')).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
    })
    expect((await jobs('--json')).out).toBe(before)
  })

  it('go on with --resume, and say so where there is nothing to go on with', async () => {
    const source = file('resumed.jsonl', rows('a', 'b'))
    const to = ['--collection', 'resumed']
    const { err } = await index(source, ...to, '--resume')
    expect(err).toContain('there is no unfinished job')
    file('resumed.jsonl', rows('a'))
    await expect(index(source, ...to, '--delete-missing')).rejects.toMatchObject({
      code: 'CONFIRMATION_NEEDED',
    })
    const again = await index(source, ...to, '--resume', '--delete-missing=1')
    expect(again.err).toMatch(/going on with job \w+ after 1 row/)
    expect(again.out).toMatch(/0 failed, 1 deleted/)
    await expect(index(source, ...to, '--resume', '--url', 'http://127.0.0.1:9')).rejects.toThrow(/--resume/)
  })
})
