import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BenchRun } from '../../src/bench/live/bench-run.js'
import { benchCommand } from '../../src/cli/bench.js'
import { keysCommand } from '../../src/cli/keys.js'
import { evaluateCommand } from '../../src/cli/evaluate.js'
import { loadConfig } from '../../src/config.js'
import { createClient, type Client } from '../../src/client/client.js'
import { layoutNames } from '../../src/datasets/layouts/registry.js'
import { startServer, type RunningServer } from '../../src/server/start-server.js'
import { writeLayout } from '../bench/live/official-layouts.js'
import { writeColouredSet } from '../evaluation/coloured-set.js'
import { open, texture } from '../images/pictures.js'
import { quiet, writeModels } from '../server/test-server.js'
import { run } from './run.js'

const root = mkdtempSync(path.join(tmpdir(), 'kindred-bench-dataset-'))
const at = (...parts: string[]): string => path.join(root, ...parts)
const classes = ['blue', 'green', 'orange', 'pink', 'red', 'teal']
const each = 5
let server: RunningServer
let client: Client

const bench = (...args: string[]) => run(benchCommand(), server.url, ...args)

beforeAll(async () => {
  await writeModels(at('models'))
  await writeColouredSet(at('set'), { classes, each })
  const pictures = classes.flatMap((label) =>
    Array.from({ length: each }, (_, n) => ({ file: at('set', label, `${n}.jpg`), label })),
  )
  for (const layout of layoutNames) writeLayout[layout](at(layout), pictures)
  const flags = { store: at('served'), models: at('models'), model: at('models', 'tiny'), port: 0 }
  server = await startServer(loadConfig({ flags }), quiet)
  client = createClient(server.url)
})
afterAll(async () => {
  await server.close()
  rmSync(root, { recursive: true, force: true })
})

describe('kindred bench --dataset', () => {
  it.each([
    ['cub200', '1,2,4,8', 15],
    ['cars196', '1,2,4,8', 15],
    ['sop', '1,10,100,1000', 15],
    ['inshop', '1,10,20,30,40,50', 5],
  ] as const)(
    'prints of %s what papers print, as kindred evaluate does, and leaves nothing behind',
    async (layout, ks, queries) => {
      const { out } = await run(
        evaluateCommand(),
        '--model',
        at('models', 'tiny'),
        '--data',
        at(layout),
        '--recall-at',
        ks,
        '--json',
      )
      const evaluation = JSON.parse(out) as Record<string, unknown>
      const asked = await bench('--dataset', layout, at(layout), '--nmi', '--json')
      const found = JSON.parse(asked.out) as BenchRun
      expect(found.retrieval?.recall).toEqual(evaluation['recall'])
      expect(found.retrieval?.rPrecision).toBeCloseTo(evaluation['rPrecision'] as number, 12)
      expect(found.retrieval?.mapAtR).toBeCloseTo(evaluation['mapAtR'] as number, 12)
      expect(found.retrieval?.nmi?.mean).toBeCloseTo(evaluation['nmi'] as number, 12)
      expect(found.retrieval?.nmi?.spread).toBeCloseTo(evaluation['nmiSpread'] as number, 12)
      expect(found.retrieval?.counts.queries).toBe(queries)
      expect((evaluation['counts'] as { queries: number }).queries).toBe(queries)
      expect((await client.listCollections()).items).toEqual([])
    },
  )

  it.each([
    ['cub200', '1,2,4,8'],
    ['cars196', '1,2,4,8'],
  ] as const)(
    'crops %s to its boxes where that is asked for, as kindred evaluate does',
    async (layout, ks) => {
      const evaluated = async (...args: string[]) =>
        JSON.parse(
          (
            await run(
              evaluateCommand(),
              ...['--model', at('models', 'tiny'), '--data', at(layout), '--recall-at', ks, '--json'],
              ...args,
            )
          ).out,
        ) as Record<string, unknown>
      const cropped = await evaluated('--boxes', 'crop')
      // Else a bench that ignored the boxes would pass.
      expect(cropped['mapAtR']).not.toBeCloseTo((await evaluated())['mapAtR'] as number, 6)
      const asked = await bench('--dataset', layout, at(layout), '--boxes', 'crop', '--nmi', '--json')
      const { retrieval } = JSON.parse(asked.out) as BenchRun
      expect(retrieval?.recall).toEqual(cropped['recall'])
      expect(retrieval?.rPrecision).toBeCloseTo(cropped['rPrecision'] as number, 12)
      expect(retrieval?.mapAtR).toBeCloseTo(cropped['mapAtR'] as number, 12)
      expect(retrieval?.nmi?.mean).toBeCloseTo(cropped['nmi'] as number, 12)
      expect(retrieval?.intervals).toEqual(cropped['intervals'])
      expect(retrieval?.counts).toMatchObject({ queries: 15, own: 15, failed: 0 })
    },
  )

  it('names a box that is too large once it is cut out, in the collection and in NMI, and measures the rest', async () => {
    // Noise is smaller as a JPEG, and large without loss.
    const noise = await open(texture(64, 64)).jpeg({ quality: 60 }).toBuffer()
    const maxImageBytes = 1200
    expect(noise.length).toBeLessThan(maxImageBytes)
    writeFileSync(at('noise.jpg'), noise)
    const pictures = classes.flatMap((label) =>
      Array.from({ length: each }, (_, n) => ({ file: at('set', label, `${n}.jpg`), label })),
    )
    writeLayout.cub200(at('noisy'), [...pictures.slice(0, -1), { file: at('noise.jpg'), label: 'teal' }])
    const flags = { store: at('narrow'), models: at('models'), model: at('models', 'tiny'), port: 0 }
    const narrow = await startServer(loadConfig({ flags: { ...flags, maxImageBytes } }), quiet)
    try {
      const asked = [
        '--dataset',
        'cub200',
        at('noisy'),
        '--boxes',
        'crop',
        '--nmi',
        '--output',
        at('noisy.json'),
      ]
      const { out, err, exitCode } = await run(benchCommand(), narrow.url, ...asked)
      expect(exitCode).toBe(1)
      expect(err.match(/^skipped .*: IMAGE_TOO_LARGE .*$/gm)).toEqual([
        expect.stringMatching(/IMAGE_TOO_LARGE Its box, .* has more than 1200 bytes$/),
        expect.stringMatching(/IMAGE_TOO_LARGE left out of NMI alone: Its box, .* has more than 1200 bytes$/),
      ])
      expect(out).toMatch(/15 queries of 3 classes, 14 items.*, 2 skipped/)
      expect(out).toMatch(/\n {2}NMI /)
      const { retrieval, endedBy } = JSON.parse(readFileSync(at('noisy.json'), 'utf8')) as BenchRun
      expect(retrieval?.counts).toMatchObject({ queries: 15, gallery: 14, failed: 2 })
      expect(endedBy).toBeNull()
    } finally {
      await narrow.close()
    }
  })

  it('keeps the collection, and takes another model, where that is asked for', async () => {
    await bench('--dataset', 'sop', at('sop'), '--keep', '--model', at('models', 'wide'))
    const [kept] = (await client.listCollections()).items
    expect(kept?.name).toMatch(/^bench-sop-\w{8}$/)
    expect(kept?.model).toMatch(/^wide@/)
    expect(kept?.counts.items).toBe(15)
    await client.deleteCollection({ path: { collection: kept?.name ?? '' } })
  })

  it('shows pictures of a collection that is gone by then', async () => {
    await bench('--dataset', 'inshop', at('inshop'), '--nmi', '--report', at('page.html'))
    expect(readFileSync(at('page.html'), 'utf8')).toMatch(/<dt>NMI<\/dt>/)
    const pictures = readFileSync(at('page.html'), 'utf8').match(/src="data:image\/jpeg;base64,/g)
    expect(pictures).toHaveLength(14)
  })

  it('names what cannot be read, and removes the collection all the same', async () => {
    writeFileSync(at('sop', 'things_final', '29.JPG'), 'no picture')
    const { out, err, exitCode } = await bench('--dataset', 'sop', at('sop'), '--nmi')
    expect(out).toMatch(/14 queries .*2 skipped/)
    expect(out).toMatch(/\n {2}NMI +\d+\.\d % {2}\(spread over 3 starts: \d+\.\d %\)\n/)
    expect(err).toMatch(/29.JPG: IMAGE_/)
    expect(exitCode).toBe(1)
    expect((await client.listCollections()).items).toEqual([])
  })

  it('removes the collection where measuring fails', async () => {
    const alone = classes.map((label) => ({ file: at('set', label, '0.jpg'), label }))
    writeLayout.sop(at('alone'), alone)
    const asking = bench('--dataset', 'sop', at('alone'))
    await expect(asking).rejects.toMatchObject({ code: 'DATASET_INVALID' })
    expect((await client.listCollections()).items).toEqual([])
  })

  it.each([
    [['--dataset', 'sop']],
    [['--dataset', 'sop', at('sop'), '--collection', 'x']],
    [['--dataset', 'sop', at('sop'), '--queries', at('set')]],
    [['--collection', 'x', '--queries', at('set'), at('sop')]],
    [['--dataset', 'sop', at('sop'), '--nmi', '--no-retrieval', '--rate', '1']],
    [['--collection', 'x', '--truth', at('truth.jsonl'), '--nmi']],
    [['--dataset', 'sop', at('sop'), '--boxes', 'crop']],
    [['--collection', 'x', '--queries', at('set'), '--boxes', 'crop']],
    [['--collection', 'x', '--truth', at('truth.jsonl'), '--boxes', 'crop']],
  ])('refuses %j', async (args) => {
    const asking = run(benchCommand(), server.url, ...args)
    await expect(asking).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})

describe('kindred bench on a server with keys', () => {
  it('asks the server once what it allows', async () => {
    const fetching = vi.spyOn(globalThis, 'fetch')
    await bench('--dataset', 'sop', at('sop'), '--nmi')
    const addresses = fetching.mock.calls.map(([input]) =>
      input instanceof Request ? input.url : String(input),
    )
    fetching.mockRestore()
    expect(addresses.filter((address) => address.endsWith('/v1/server'))).toHaveLength(1)
  })

  it('needs a key that may remove what it made, unless that stays', async () => {
    const store = at('with-keys')
    const keyOf = async (scope: string): Promise<string> =>
      (await run(keysCommand(), 'create', '--scope', scope, '--store', store)).out.trim()
    const [search, write, admin] = [await keyOf('search'), await keyOf('write'), await keyOf('admin')]
    const flags = { store, models: at('models'), model: at('models', 'tiny'), port: 0 }
    const locked = await startServer(loadConfig({ flags }), quiet)
    const asks = (key: string, ...args: string[]) => run(benchCommand(), locked.url, '--key', key, ...args)
    try {
      const inshop = ['--dataset', 'inshop', at('inshop')]
      await expect(asks(write, ...inshop)).rejects.toMatchObject({ code: 'FORBIDDEN' })
      const names = async () =>
        (await createClient(locked.url, { key: admin }).listCollections()).items.map(({ name }) => name)
      expect(await names()).toEqual([])
      await asks(write, ...inshop, '--keep')
      const [kept = ''] = await names()
      expect(kept).toMatch(/^bench-inshop-/)
      // To ask, as quality and as load, the smallest scope is enough.
      const { out } = await asks(
        search,
        ...['--collection', kept, '--queries', at('inshop'), '--label-field', 'label'],
        ...['--rate', '10', '--duration', '0.3', '--warm-up', '0', '--json'],
      )
      expect(out).not.toContain(search)
      expect((JSON.parse(out) as BenchRun).retrieval?.counts.queries).toBe(5)
      expect((JSON.parse(out) as BenchRun).load?.steps).toMatchObject([{ sent: 3, answered: 3 }])
      const keyless = run(benchCommand(), locked.url, '--collection', kept, '--queries', at('set'))
      await expect(keyless).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    } finally {
      await locked.close()
    }
  })
})
