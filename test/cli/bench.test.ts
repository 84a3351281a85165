import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BenchRun } from '../../src/bench/live/bench-run.js'
import { renderBenchReport } from '../../src/bench/live/report/render-bench-report.js'
import { benchCommand } from '../../src/cli/bench.js'
import { evaluateCommand } from '../../src/cli/evaluate.js'
import { loadConfig } from '../../src/config.js'
import { createClient, type Client } from '../../src/client/client.js'
import { startServer, type RunningServer } from '../../src/server/start-server.js'
import { writeColouredSet } from '../evaluation/coloured-set.js'
import { quiet, writeModels } from '../server/test-server.js'
import { run } from './run.js'

const root = mkdtempSync(path.join(tmpdir(), 'kindred-bench-'))
const at = (...parts: string[]): string => path.join(root, ...parts)
const classes = ['blue', 'green', 'orange', 'pink', 'red', 'teal', 'violet', 'yellow']
const each = 6
let server: RunningServer
let client: Client

const bench = (...args: string[]) => run(benchCommand(), server.url, ...args)
const measured = async (...args: string[]): Promise<BenchRun> =>
  JSON.parse((await bench(...args, '--json')).out) as BenchRun
const retrievalOf = async (...args: string[]) => {
  const { retrieval } = await measured(...args)
  if (retrieval === null) throw new Error('nothing was measured')
  return retrieval
}

beforeAll(async () => {
  await writeModels(at('models'))
  await writeColouredSet(at('set'), { classes, each })
  const flags = { store: at('served'), models: at('models'), model: at('models', 'tiny'), port: 0 }
  // Pages of 20, so that deep answers take several.
  server = await startServer(loadConfig({ flags: { ...flags, maxK: 20 } }), quiet)
  client = createClient(server.url)
  for (const collection of ['whole', 'half']) await client.putCollection({ path: { collection } })
  for (const label of classes) {
    for (let n = 0; n < each; n++) {
      const id = `${label}/${n}.jpg`
      const body = {
        image: new Blob([readFileSync(at('set', id))]),
        metadata: { kind: label },
        group: `g-${label}`,
      }
      await client.putItem({ path: { collection: 'whole', id }, body })
      // Under other ids, and only some: the rest are new to the collection.
      if (n < each / 2) await client.putItem({ path: { collection: 'half', id: `item-${label}-${n}` }, body })
    }
  }
})
afterAll(async () => {
  await server.close()
  rmSync(root, { recursive: true, force: true })
})

const whole = ['--collection', 'whole', '--label-field', 'kind']

describe('kindred bench, retrieval', () => {
  it('gives the figures that kindred evaluate gives', async () => {
    const { out } = await run(
      evaluateCommand(),
      '--model',
      at('models', 'tiny'),
      '--data',
      at('set'),
      '--recall-at',
      '1,5,10,100',
      '--json',
    )
    const expected = JSON.parse(out) as Record<string, Record<string, number>>
    const found = await retrievalOf(...whole, '--queries', at('set'))
    expect(found.recall).toEqual(expected['recall'])
    expect(found.rPrecision).toBeCloseTo(Number(expected['rPrecision']), 12)
    expect(found.mapAtR).toBeCloseTo(Number(expected['mapAtR']), 12)
    expect(found.intervals).toEqual(expected['intervals'])
    expect(found.perClass).toMatchObject(expected['perClass'] as unknown as object[])
    expect(found.perClass[0]?.intervals?.mapAtR.low).toBeLessThanOrEqual(found.perClass[0]?.mapAtR ?? -1)
    expect(found.counts).toEqual({
      queries: 48,
      leftOut: 0,
      gallery: 48,
      classes: 8,
      own: 48,
      failed: 0,
      absent: 0,
    })
    expect(found.timings.total).toBeGreaterThan(0)
  })

  it('knows a picture by its content where it has another id', async () => {
    const half = await retrievalOf('--collection', 'half', '--queries', at('set'), '--label-field', 'kind')
    expect(half.counts).toMatchObject({ queries: 48, own: 24, gallery: 24 })
    const answered = half.queries.filter(({ id, answers }) =>
      answers.some((answer) => answer.id === `item-${id.replace('/', '-').replace('.jpg', '')}`),
    )
    expect(answered).toEqual([])
    expect(half.queries.map(({ relevant }) => relevant)).toContain(2)
    expect(half.queries.map(({ relevant }) => relevant)).toContain(3)
  })

  it('takes the class from the group unless it is told another field', async () => {
    cpSync(at('set', 'red'), at('grouped', 'g-red'), { recursive: true })
    cpSync(at('set', 'blue'), at('grouped', 'unknown'), { recursive: true })
    const { counts } = await retrievalOf('--collection', 'whole', '--queries', at('grouped'))
    expect(counts).toMatchObject({ queries: 6, leftOut: 6, classes: 1 })
  })

  it('tells what exact answers would have been', async () => {
    const { graph } = await retrievalOf(...whole, '--queries', at('set'), '--classes', '0-1', '--exact')
    // So few items are compared one by one anyway.
    expect(graph).toMatchObject({ asked: 12, walked: 0 })
    expect((await bench(...whole, '--queries', at('set'), '--classes', '0-0', '--exact')).out).toMatch(
      /compares with every item/,
    )
  })

  it('takes a truth instead of labels', async () => {
    const rows = [
      { query: 'set/red/0.jpg', relevant: ['red/1.jpg', 'gone.jpg'], label: 'red' },
      { itemId: 'blue/0.jpg', relevant: ['blue/1.jpg', 'blue/0.jpg'], label: 'blue' },
    ]
    writeFileSync(at('truth.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'))
    const { counts, queries } = await retrievalOf('--collection', 'whole', '--truth', at('truth.jsonl'))
    expect(counts).toMatchObject({ queries: 2, absent: 1, own: 2 })
    expect(queries.map(({ relevant }) => relevant)).toEqual([1, 1])
    expect(queries.flatMap(({ answers }) => answers.map(({ id }) => id))).not.toContain('blue/0.jpg')
    const unlabelled = rows.map(({ label, ...row }) => (label === 'red' ? row : { ...row, label }))
    writeFileSync(at('unlabelled.jsonl'), unlabelled.map((row) => JSON.stringify(row)).join('\n'))
    const args = ['--collection', 'whole', '--truth', at('unlabelled.jsonl'), '--per-class']
    expect((await bench(...args)).out).toMatch(/\n {2}no figures by class: some queries have none\n$/)
  })

  it('names an item that the collection does not have, skips it, and ends as a failure with its run written', async () => {
    const rows = [
      { itemId: 'nowhere', relevant: ['red/1.jpg'] },
      { itemId: 'blue/0.jpg', relevant: ['blue/1.jpg'] },
    ]
    writeFileSync(at('unknown.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'))
    const args = ['--collection', 'whole', '--truth', at('unknown.jsonl'), '--output', at('unknown.json')]
    const load = ['--rate', '10', '--duration', '0.3', '--warm-up', '0']
    const { out, err, exitCode } = await bench(...args, ...load)
    expect(out).toMatch(/1 queries of .*1 skipped/)
    expect(err).toMatch(/skipped nowhere: ITEM_NOT_FOUND .*\n1 query was left out/)
    expect(exitCode).toBe(1)
    const written = JSON.parse(readFileSync(at('unknown.json'), 'utf8')) as BenchRun
    expect(written.retrieval?.counts).toMatchObject({ queries: 1, failed: 1 })
    // The load is made of the other alone.
    expect(written.load?.steps[0]).toMatchObject({ sent: 3, answered: 3, failed: 0 })
  })

  it('boxes crop, in pixels as in shares', async () => {
    writeFileSync(
      at('boxes.csv'),
      'path,label,box\nset/red/0.jpg,red,"0,0,0.5,1"\nset/red/1.jpg,red,"0,0,1,1"\n',
    )
    writeFileSync(
      at('pixels.csv'),
      'path,label,box_x,box_y,box_width,box_height\nset/red/0.jpg,red,0,0,20,40\n',
    )
    const shares = await retrievalOf(...whole, '--queries', at('boxes.csv'))
    const pixels = await retrievalOf(...whole, '--queries', at('pixels.csv'))
    expect(pixels.queries[0]?.answers).toEqual(shares.queries[0]?.answers)
    expect(shares.queries[0]?.answers).not.toEqual(shares.queries[1]?.answers)
  })

  it('names a picture whose box lies outside it, and asks the others', async () => {
    writeFileSync(
      at('outside.csv'),
      'path,label,box_x,box_y,box_width,box_height\nset/red/0.jpg,red,40,0,5,5\nset/red/1.jpg,red,0,0,20,40\n',
    )
    const { out, err } = await bench(...whole, '--queries', at('outside.csv'))
    expect(out).toMatch(/1 queries of .*1 skipped/)
    expect(err).toMatch(/0.jpg#40,0,45,5: IMAGE_UNSUPPORTED .*outside the image of 40 x 40/)
  })

  it('names the pictures that could not be read and ends as a failure', async () => {
    writeFileSync(at('broken.jpg'), 'no picture')
    writeFileSync(at('some.csv'), 'path,label\nset/red/0.jpg,red\nbroken.jpg,red\nabsent.jpg,red\n')
    const { out, err, exitCode } = await bench(...whole, '--queries', at('some.csv'))
    expect(out).toMatch(/1 queries of 1 classes, 48 items.*2 skipped/)
    expect(err).toMatch(/broken.jpg: IMAGE_/)
    expect(exitCode).toBe(1)
  })

  it('prints figures with intervals, and classes where they are asked for', async () => {
    const { out, exitCode } = await bench(
      ...whole,
      '--queries',
      at('set'),
      '--per-class',
      '--recall-at',
      '2,1',
    )
    expect(out).toMatch(/^whole \(tiny@\w+\) on http/)
    expect(out).toMatch(/Recall@2 +\d+\.\d % {2}\(95 %: /)
    expect(out).toMatch(/violet/)
    expect(exitCode).toBeUndefined()
  })

  it.each([
    [['--collection', 'whole'], 'INVALID_ARGUMENT'],
    [['--queries', at('set')], 'INVALID_ARGUMENT'],
    [[...whole, '--queries', at('set'), '--truth', at('truth.jsonl')], 'INVALID_ARGUMENT'],
    [['--collection', 'none', '--queries', at('set')], 'COLLECTION_NOT_FOUND'],
    [[...whole, '--queries', at('set'), '--label-field', 'colour'], 'DATASET_INVALID'],
    [[...whole, '--queries', at('set'), '--model', 'wide'], 'INVALID_ARGUMENT'],
    [[...whole, '--queries', at('set'), '--keep'], 'INVALID_ARGUMENT'],
  ])('refuses %j', async (args, code) => {
    await expect(bench(...args)).rejects.toMatchObject({ code })
  })

  it('says before it asks anything why nothing can be right', async () => {
    const asking = (...args: string[]) => bench('--collection', 'whole', ...args)
    await expect(asking('--queries', at('set'), '--label-field', 'colour')).rejects.toMatchObject({
      message: 'No item of whole has a class: colour is empty in all of them',
    })
    await expect(asking('--queries', at('set'))).rejects.toMatchObject({
      message: 'No item of whole has a class of the queries',
      hint: expect.stringMatching(
        /have "g-blue", "g-green", .*, \.\.\.; the queries are "blue", "green", /,
      ) as string,
    })
    writeFileSync(at('gone.jsonl'), JSON.stringify({ itemId: 'red/0.jpg', relevant: ['red-1'] }))
    await expect(asking('--truth', at('gone.jsonl'))).rejects.toMatchObject({
      message: 'whole has none of the right answers',
      hint: expect.stringMatching(/^They are "red-1"; the ids of its items "/) as string,
    })
    writeFileSync(at('only-itself.jsonl'), JSON.stringify({ itemId: 'red/0.jpg', relevant: ['red/0.jpg'] }))
    await expect(asking('--truth', at('only-itself.jsonl'))).rejects.toThrow(/but the queries themselves/)
    await client.putCollection({ path: { collection: 'empty' } })
    const empty = bench('--collection', 'empty', '--queries', at('set'))
    await expect(empty).rejects.toMatchObject({ message: 'empty has no items' })
  })

  it('refuses a file that cannot be written before it asks anything', async () => {
    const before = await (await fetch(`${server.url}/metrics`)).text()
    writeFileSync(at('a-file'), '')
    for (const flag of ['--report', '--output']) {
      const asking = (file: string) => bench(...whole, '--queries', at('set'), flag, file)
      const refused = { code: 'INVALID_ARGUMENT', message: expect.stringContaining(flag) as string }
      await expect(asking(root)).rejects.toMatchObject(refused)
      await expect(asking(at('a-file', 'x', 'y'))).rejects.toMatchObject(refused)
    }
    const searches = (text: string) =>
      /kindred_request_seconds_count\{operation="search"\} (\d+)/.exec(text)?.[1]
    expect(searches(await (await fetch(`${server.url}/metrics`)).text())).toBe(searches(before))
  })

  it('says that a server does not answer', async () => {
    const asking = run(benchCommand(), 'http://127.0.0.1:9', '--collection', 'x', '--queries', at('set'))
    await expect(asking).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' })
    const nowhere = run(benchCommand(), '127.0.0.1:9', '--collection', 'x', '--queries', at('set'))
    await expect(nowhere).rejects.toThrow('Expected an address such as http://127.0.0.1:8080 for the server')
  })
})

describe('kindred bench, load', () => {
  const load = ['--collection', 'whole', '--queries', at('set'), '--no-retrieval', '--warm-up', '0.2']

  it('sends at a rate and tells what became of it, with no listing of the collection', async () => {
    const run = await measured(...load, '--rate', '20', '--duration', '1', '--load-queries', '5')
    expect(run.retrieval).toBeNull()
    expect(run.data).toMatchObject({ queries: 5, galleryHash: null })
    expect(run.load?.requests.distinct).toBe(5)
    const [step] = run.load?.steps ?? []
    expect(step).toMatchObject({ sent: 20, answered: 20, refused: 0, failed: 0, errors: {} })
    expect(step?.latency?.count).toBe(20)
    expect(step?.stages?.total.p50).toBeLessThanOrEqual(step?.latency?.max ?? 0)
    expect(step?.metrics?.requests).toBeGreaterThanOrEqual(20)
    expect(step?.bytes.received).toBeGreaterThan(1000)
  })

  it('prints a step for clients and one for the rate, beside the quality', async () => {
    const { out, err } = await bench(
      ...whole,
      ...['--queries', at('set'), '--classes', '0-0', '--warm-up', '0'],
      ...['--clients', '2', '--rate', '10', '--arrivals', 'poisson', '--duration', '0.5'],
    )
    expect(out).toMatch(/MAP@R/)
    expect(out).toMatch(/2 clients at once: \d+ of \d+ answered/)
    expect(out).toMatch(/10 searches\/s, poisson: \d+\.\d\/s came \(seed 2\), /)
    expect(out).toMatch(/p99\.99 /)
    expect(err).toMatch(/2 clients at once: p99 .*\n10 searches/)
  })

  it('looks for the highest rate within an objective', async () => {
    const args = ['--slo', '60000', '--rate', '8', '--max-rate', '16', '--duration', '0.3']
    const { out } = await bench(...load, ...args)
    expect(out).toMatch(/within 60000 ms: 16 searches\/s, the most that was tried\n$/)
  })

  it('draws the arrivals of each step anew, from the seed and its number', async () => {
    const args = ['--slo', '60000', '--rate', '8', '--max-rate', '32', '--duration', '0.3', '--seed', '5']
    const { load: found } = await measured(...load, ...args, '--arrivals', 'poisson')
    expect(found?.steps.map(({ seed }) => seed)).toEqual([6, 7, 8])
    expect(found?.ramp?.rate).toBe(found?.steps.at(-1)?.offered)
  })

  it('ends as a failure where nothing was answered', async () => {
    // More answers than the server gives.
    const { out, exitCode } = await bench(...load, ...['--rate', '10', '--duration', '0.3', '--k', '21'])
    expect(out).toMatch(/0 of 3 answered/)
    expect(exitCode).toBe(1)
  })

  it('says why where no request began in the seconds that count', async () => {
    const page = at('pages', 'idle.html')
    const args = ['--rate', '1', '--duration', '0.2', '--report', page]
    const { out, err, exitCode } = await bench(...load, ...args)
    expect(out).toMatch(/0 of 0 answered.*\n.* make --duration longer\n/s)
    expect(err).toContain('1 searches/s, constant: no request')
    expect(readFileSync(page, 'utf8')).toContain('No request began')
    expect(exitCode).toBe(1)
  })

  it('refuses to measure nothing', async () => {
    await expect(bench(...load)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(bench(...load, '--rate', '5', '--max-rate', '9')).rejects.toThrow('nothing without --slo')
    await expect(bench(...load, '--rate', '5', '--exact')).rejects.toThrow('--exact needs quality')
  })
})

/** What a reader sees, without what pictures and the script are written in. */
const shownOf = (page: string): string => page.replace(/base64,[^"]*/g, '').split('<script>')[0] ?? ''

describe('kindred bench, load, of a server that does not survive it', () => {
  it('tells so, and writes the file of the run', async () => {
    const flags = { store: at('fragile'), models: at('models'), model: at('models', 'tiny'), port: 0 }
    const fragile = await startServer(loadConfig({ flags }), quiet)
    await createClient(fragile.url).putCollection({ path: { collection: 'whole' } })
    const args = ['--collection', 'whole', '--queries', at('set'), '--no-retrieval', '--warm-up', '0']
    const written = ['--output', at('runs', 'fragile.json'), '--report', at('pages', 'fragile.html')]
    const asking = run(benchCommand(), fragile.url, ...args, ...written, '--rate', '20', '--duration', '1.5')
    await sleep(700)
    await fragile.close()
    const { out } = await asking
    expect(out).toMatch(/ECONNREFUSED \d+/)
    const { load, server } = JSON.parse(readFileSync(at('runs', 'fragile.json'), 'utf8')) as BenchRun
    expect(load?.steps[0]?.failed).toBeGreaterThan(0)
    expect(server.version).not.toBeNull()
  })
})

describe('the page of a run', () => {
  it('has figures, pictures of both sides, load and all that is needed to repeat it, in one file', async () => {
    const page = at('pages', 'page.html')
    const { out } = await bench(
      ...whole,
      ...['--queries', at('set'), '--classes', '0-3', '--exact', '--report', page],
      ...['--slo', '60000', '--rate', '8', '--max-rate', '16', '--duration', '2.2', '--warm-up', '0'],
    )
    expect(out).toMatch(/the page is .*page.html\n$/)
    const text = readFileSync(page, 'utf8')
    for (const id of ['recall', 'graph', 'queries', 'classes', 'load', 'settings']) {
      expect(text).toContain(`<section id="${id}"`)
    }
    // Two classes on each side, each with a query and six answers.
    expect(text.match(/src="data:image\/jpeg;base64,/g)).toHaveLength(28)
    expect(text).not.toMatch(/(src|href)="(?!data:|#)/)
    expect(text).toContain('Latency by percentile')
    expect(text).toContain('p99 by the rate that was offered')
    expect(text).toContain('Latency over time')
    expect(shownOf(text)).not.toMatch(/NaN|undefined|Infinity/)
    expect(text).toMatch(/95 % of MAP@R/)
  })

  it('of load alone has nothing of quality, and says what was not answered', async () => {
    const page = at('pages', 'load.html')
    const args = ['--no-retrieval', '--warm-up', '0', '--rate', '10', '--duration', '0.3', '--k', '21']
    await bench('--collection', 'whole', '--queries', at('set'), ...args, '--report', page)
    const text = readFileSync(page, 'utf8')
    expect(text).not.toContain('<section id="recall"')
    expect(text).toMatch(/Not answered: INVALID_REQUEST 3/)
    expect(text).toMatch(
      /<dt>Answered<\/dt>\s*<dd>\s*<div class="figure">0.0\/s<\/div>\s*<small>3 failed of 3<\/small>/,
    )
    expect(shownOf(text)).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('the file of a run', () => {
  it('has what it takes to repeat it, and no key', async () => {
    const argv = process.argv
    process.argv = ['node', 'kindred', 'bench', 'http://me:secret@host', '--key', 'secret', '--key=secret']
    try {
      await bench(...whole, '--queries', at('set'), '--output', at('runs', 'one.json'), '--seed', '3')
    } finally {
      process.argv = argv
    }
    const text = readFileSync(at('runs', 'one.json'), 'utf8')
    expect(text).not.toContain('secret')
    const one = JSON.parse(text) as BenchRun
    expect(one).toMatchObject({
      format: 'kindred-bench',
      version: 1,
      command: 'kindred bench http://host --key ... --key=...',
      collection: { name: 'whole', model: expect.stringMatching(/^tiny@/) as string, counts: { items: 48 } },
      settings: { labelField: 'kind', ks: [1, 5, 10, 100], seed: 3, concurrency: 4, exact: false, ef: null },
      server: {
        version: expect.stringMatching(/^\d+\./) as string,
        host: { node: process.versions.node, cores: expect.any(Number) as number },
      },
      data: { queries: 48, queriesHash: expect.stringMatching(/^\w{64}$/) as string },
    })
    const again = await measured(...whole, '--queries', at('set'))
    expect(again.data).toEqual(one.data)
    const other = await measured(
      ...whole,
      '--queries',
      at('grouped', 'g-red', '..'),
      '--label-field',
      'group',
    )
    expect(other.data.queriesHash).not.toBe(one.data.queriesHash)
  })

  it('is compared with another query by query, and a regression ends with 1', async () => {
    const file = (name: string) => at('runs', `${name}.json`)
    await bench(...whole, '--queries', at('set'), '--output', file('before'))
    const before = JSON.parse(readFileSync(file('before'), 'utf8')) as BenchRun
    const compare = (...args: string[]) => run(benchCommand(), 'compare', ...args)
    const same = await compare(file('before'), file('before'))
    expect(same.exitCode).toBeUndefined()
    expect(same.out).toMatch(/^48 queries are in both runs\n/)

    // One query that found everything now finds nothing, and one is gone.
    const records = before.retrieval?.queries ?? []
    const best = records.findIndex(({ mapAtR }) => mapAtR === 1)
    expect(best).toBeGreaterThanOrEqual(0)
    const worse = records
      .map((record, n) =>
        n === best ? { ...record, recall: { ...record.recall, 1: 0 }, mapAtR: 0 } : record,
      )
      .filter((_, n) => n !== (best + 1) % records.length)
    const after = { ...before, retrieval: { ...before.retrieval, queries: worse } }
    writeFileSync(file('after'), JSON.stringify(after))
    const found = await compare(file('before'), file('after'), '--json')
    expect(found.exitCode).toBe(1)
    const comparison = JSON.parse(found.out) as { measures: { name: string; mean: number; low: number }[] }
    expect(comparison).toMatchObject({ queries: 47, unpaired: 1, regressions: ['recall@1', 'mapAtR'] })
    const difference = comparison.measures.find(({ name }) => name === 'mapAtR')
    expect(difference?.mean).toBeCloseTo(-1 / 47, 12)
    expect(difference?.low).toBeLessThan(-1 / 47)
    const p99 = (ms: number | null, rate = 5) => ({
      steps: [{ shape: { loop: 'open', rate }, latency: ms === null ? null : { p99: ms } }],
    })
    writeFileSync(file('fast'), JSON.stringify({ ...before, load: p99(10) }))
    writeFileSync(file('slow'), JSON.stringify({ ...before, load: p99(30) }))
    writeFileSync(file('other'), JSON.stringify({ ...before, load: p99(30, 50) }))
    writeFileSync(file('dead'), JSON.stringify({ ...before, load: p99(null) }))
    // Another rate is no slower server, and nothing that could have been checked.
    expect((await compare(file('fast'), file('other'))).exitCode).toBeUndefined()
    for (const name of ['other', 'before']) {
      await expect(compare(file('fast'), file(name), '--max-slowdown', '2.9')).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: 'The runs have no step of load in common: no p99 to compare',
      })
    }
    const dead = await compare(file('fast'), file('dead'), '--max-slowdown', '2.9')
    expect(dead.exitCode).toBe(1)
    expect(dead.out).toMatch(/p99 +10.0 ms -> no answer {2}slower than allowed/)
    const strangers = worse.map((record) => ({ ...record, id: `other-${record.id}` }))
    const stranger = { ...before, load: p99(10), retrieval: { ...before.retrieval, queries: strangers } }
    writeFileSync(file('stranger'), JSON.stringify(stranger))
    await expect(compare(file('fast'), file('stranger'))).rejects.toThrow('no query in common')
    expect((await compare(file('fast'), file('slow'))).exitCode).toBeUndefined()
    const slower = await compare(file('fast'), file('slow'), '--max-slowdown', '2.9')
    expect(slower.exitCode).toBe(1)
    expect(slower.out).toMatch(/p99 +10.0 ms -> +30.0 ms {2}slower than allowed/)
    const allowed = await compare(file('before'), file('after'), '--max-drop', '0.05')
    expect(allowed.exitCode).toBeUndefined()
    expect((await compare(file('before'), file('after'))).out).toMatch(/mapAtR .*worse than allowed/)
    const early: BenchRun = { ...before, endedBy: { code: 'INTERRUPTED', reason: 'Stopped' } }
    writeFileSync(file('early'), JSON.stringify(early))
    expect(renderBenchReport(early, null)).toContain('The run ended early: Stopped.')
    expect(renderBenchReport(before, null)).not.toContain('ended early')
    expect((await compare(file('before'), file('early'))).out).toContain(
      'not the same: measured to the end: yes -> no: Stopped\n',
    )
  })

  it('that is none, or of other queries, is refused', async () => {
    writeFileSync(at('runs', 'none.json'), '{"format": "other"}')
    writeFileSync(at('runs', 'new.json'), '{"format": "kindred-bench", "version": 2}')
    const { out } = await bench(...whole, '--queries', at('set'), '--classes', '0-0', '--json')
    const good = JSON.parse(out) as BenchRun
    const empty = { ...good, retrieval: null }
    writeFileSync(at('runs', 'empty.json'), JSON.stringify(empty))
    for (const name of ['none', 'new', 'absent', 'empty']) {
      const comparing = run(benchCommand(), 'compare', at('runs', `${name}.json`), at('runs', `${name}.json`))
      await expect(comparing).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
  })
})
