import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aliasesCommand } from '../../src/cli/aliases.js'
import { duplicatesCommand } from '../../src/cli/duplicates.js'
import { indexCommand } from '../../src/cli/index-command.js'
import { jobsCommand } from '../../src/cli/jobs.js'
import { reindexCommand } from '../../src/cli/reindex.js'
import { snapshotsCommand } from '../../src/cli/snapshots.js'
import { loadConfig } from '../../src/config.js'
import { startServer, type RunningServer } from '../../src/server/start-server.js'
import { makeZip } from '../datasets/catalogues/make-zip.js'
import { picture, quiet, writeModels } from '../server/test-server.js'
import { run } from './run.js'

const root = mkdtempSync(path.join(tmpdir(), 'kindred-there-'))
const models = path.join(root, 'models')
let server: RunningServer

beforeAll(async () => {
  await writeModels(models)
  const flags = { store: path.join(root, 'served'), models, model: path.join(models, 'tiny'), port: 0 }
  server = await startServer(loadConfig({ flags: { ...flags, maxUploadBytes: 20_000 } }), quiet)
})
afterAll(async () => {
  await server.close()
  rmSync(root, { recursive: true, force: true })
})

const there = () => ['--url', server.url]
const index = (...args: string[]) => run(indexCommand(), ...args, ...there())
const jobs = (...args: string[]) => run(jobsCommand(), ...args, ...there())
const snapshots = (...args: string[]) => run(snapshotsCommand(), ...args, ...there())
const aliases = (...args: string[]) => run(aliasesCommand(), ...args, ...there())
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(path.join(root, name), content)
  return path.join(root, name)
}
const rows = (...ids: string[]): string =>
  ids.map((id, n) => JSON.stringify({ id, embedding: [n + 1, 1] })).join('\n')

describe('through a server', () => {
  it('an archive is imported by a job there, whose errors can be had', async () => {
    const zip = file(
      'shop.zip',
      makeZip([
        { name: 'catalogue.csv', content: 'id,image\nred,red.jpg\ngone,gone.jpg\n' },
        { name: 'red.jpg', content: await picture('red') },
      ]),
    )
    const { out, err, exitCode } = await index(zip, '--collection', 'shop', '--json')
    const { job, ...rest } = JSON.parse(out) as { job: string }
    expect(rest).toEqual({ collection: 'shop', counts: { total: 2, embedded: 1, unchanged: 0, failed: 1 } })
    expect(exitCode).toBe(1)
    expect(err).toMatch(/row 3 \(gone\): DATASET_INVALID/)
    expect((await jobs()).out).toMatch(
      new RegExp(`^${job}  .*  done  .*shop.zip -> shop: 1 embedded, 0 unchanged, 1 failed\\n$`),
    )
    expect((await jobs('errors', job)).out).toMatch(/^row,id,code,reason\n3,gone,DATASET_INVALID,/)
    expect(JSON.parse((await jobs('errors', job, '--json')).out)).toMatchObject([{ row: 3, id: 'gone' }])
    expect((await jobs('cancel', job)).out).toBe(`${job} is done\n`)
    await expect(jobs('errors', 'none')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' })
  })

  it('what is too large for the server goes row by row', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `row-${n}-${'x'.repeat(300)}`)
    const { out, err } = await index(file('long.jsonl', rows(...ids)), '--collection', 'long')
    expect(err).toContain('takes no files so large')
    expect(out).toBe('long: 100 embedded, 0 unchanged, 0 failed\n')
  })

  it('duplicates are found as on a store', async () => {
    await index(
      file('twins.jsonl', `${rows('a', 'b', 'c')}\n{"id":"a2","embedding":[2,2]}`),
      '--collection',
      'twins',
    )
    const duplicates = (...args: string[]) =>
      run(duplicatesCommand(), '--collection', 'twins', '--threshold', '0.999', ...args)
    const found = await duplicates(...there(), '--json')
    expect(JSON.parse(found.out)).toEqual({
      items: [
        {
          items: [
            { id: 'a', similarity: 1 },
            { id: 'a2', similarity: 1 },
          ],
        },
      ],
    })
    const newest = JSON.parse((await jobs('--limit', '1', '--json')).out) as {
      items: { id: string; kind: string }[]
    }
    expect(newest.items).toMatchObject([{ kind: 'duplicates' }])
    const result = await jobs('result', newest.items[0]?.id ?? '')
    expect(JSON.parse(result.out)).toEqual((JSON.parse(found.out) as { items: unknown[] }).items[0])
    await expect(duplicates('--threshold', '0.1', ...there())).rejects.toThrow(/0.5 to 1/)
  })

  it('a collection gets another model, by a bundle here or by what the server calls it', async () => {
    const folder = path.join(root, 'photos')
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'red.jpg'), await picture('red'))
    await index(folder, '--collection', 'photos')
    const reindex = (...args: string[]) =>
      run(reindexCommand(), '--collection', 'photos', ...args, ...there(), '--json')
    const changed = JSON.parse((await reindex('--model', path.join(models, 'wide'))).out) as unknown
    expect(changed).toMatchObject({
      collection: 'photos',
      model: expect.stringMatching(/^wide@/) as string,
      counts: { embedded: 1, failed: 0 },
      swapped: true,
    })
    expect(JSON.parse((await reindex('--model', 'tiny')).out)).toMatchObject({ swapped: true })
    await expect(reindex('--model', 'none')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    await expect(reindex('--model', 'tiny', '--resume')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('snapshots are taken, carried, put back and taken away', async () => {
    expect((await snapshots('create', 'twins', 'monday')).out).toMatch(/^monday {2}4 items/)
    const tar = path.join(root, 'twins.tar')
    await snapshots('export', 'twins', 'monday', tar)
    expect(readFileSync(tar).length).toBeGreaterThan(1000)
    await snapshots('import', 'twins', 'tuesday', tar)
    const listed = JSON.parse((await snapshots('list', 'twins', '--json')).out) as {
      items: { name: string }[]
    }
    expect(listed.items.map(({ name }) => name).sort()).toEqual(['monday', 'tuesday'])
    expect((await snapshots('restore', 'twins', 'tuesday', 'copy')).out).toBe(
      'copy: 4 items, as of tuesday\n',
    )
    await snapshots('restore', 'twins', 'monday')
    expect((await snapshots('roll-back', 'twins')).out).toBe('twins: 4 items\n')
    await snapshots('drop-previous', 'twins')
    await expect(snapshots('roll-back', 'twins')).rejects.toMatchObject({ code: 'PREVIOUS_NOT_FOUND' })
    await snapshots('delete', 'twins', 'monday')
    await expect(snapshots('restore', 'twins', 'monday')).rejects.toMatchObject({
      code: 'SNAPSHOT_NOT_FOUND',
    })
    await expect(snapshots('import', 'twins', 'x', file('x.tar', 'none'))).rejects.toMatchObject({
      code: 'SNAPSHOT_INVALID',
    })
  })

  it('aliases are set, listed and removed, as they are on a store', async () => {
    expect((await aliases('set', 'current', 'twins')).out).toBe('current -> twins\n')
    expect(JSON.parse((await aliases('list', '--json')).out)).toEqual({
      items: [{ name: 'current', collection: 'twins' }],
    })
    await aliases('remove', 'current')
    await expect(aliases('remove', 'current')).rejects.toMatchObject({ code: 'ALIAS_NOT_FOUND' })

    const here = ['--store', path.join(root, 'here')]
    await run(indexCommand(), file('h.jsonl', rows('a')), '--collection', 'c', ...here)
    await run(aliasesCommand(), 'set', 'x', 'c', ...here)
    expect((await run(aliasesCommand(), 'list', ...here)).out).toBe('x -> c\n')
    expect((await run(duplicatesCommand(), '--collection', 'x', ...here)).out).toBe('')
  })

  it('a server that does not answer is said', async () => {
    const nowhere = ['--url', 'http://127.0.0.1:9']
    await expect(run(jobsCommand(), ...nowhere)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
    await expect(run(aliasesCommand(), 'list', '--url', '127.0.0.1')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })
})
