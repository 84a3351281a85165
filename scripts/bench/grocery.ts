/**
 * `npm run bench:grocery`: a shop's question, measured on a live server. The collection is the shop's catalogue (the 81
 * iconic pictures of GroceryStore), the queries are photos that customers took (its test photos), each looked for with both
 * shipped models; then a ramp looks for the highest rate of such photos that the server holds.
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openClient } from '../../src/cli/remote/open-client.js'
import { version } from '../../src/version.js'
import { loadConfig } from '../../src/config.js'
import { readSet } from '../../src/datasets/read-set.js'
import { bootstrapMean, bootstrapPairedDifference, type Interval } from '../../src/evaluation/bootstrap.js'
import { imageLimitsFrom } from '../../src/images/limits.js'
import { startChildServer } from './child-server.js'
import { documentSection } from './document-section.js'
import { aboutServer } from '../../src/bench/live/about-server.js'
import type { BenchRun } from '../../src/bench/live/bench-run.js'
import { benchmark, type BenchResult } from '../../src/bench/live/benchmark.js'
import { labelField } from '../../src/bench/live/dataset/index-gallery.js'
import { withGallery } from '../../src/bench/live/dataset/with-gallery.js'
import { renderBenchReport } from '../../src/bench/live/report/render-bench-report.js'
import { labelledQueries } from '../../src/bench/live/retrieval/labelled-queries.js'
import type { QueryRecord } from '../../src/bench/live/retrieval/retrieval-run.js'
import { heldStep } from '../../src/bench/live/load/ramp.js'
import { writeRun } from '../../src/bench/live/run-file.js'
import { serverFacts } from '../../src/bench/live/server-facts.js'
import { describeMachine } from './machine.js'
import { table } from '../markdown-table.js'
import { optionalText, scriptOptions, text, whole } from '../script-options.js'
import { inOwnFolder } from './in-own-folder.js'

const given = scriptOptions(
  'bench:grocery',
  "Looks for a shop's products with photos of its customers on a live server, with both shipped models.",
  {
    slo: whole(500, 'most that p99 may be, in milliseconds'),
    duration: whole(10, 'seconds of each step of the ramp'),
    output: text('FOLDER', 'runs', 'that pages and files are written to'),
    write: optionalText('FILE', 'document whose section is written'),
  },
)
const models = ['imagenet', 'products'] as const
const ks = [1, 5, 10]
const config = loadConfig({ env: { ...process.env, KINDRED_LOG_LEVEL: 'warn' } })
const grocery = path.join(config.data, 'grocery')

async function measure(url: string, model: string, load: boolean): Promise<BenchResult> {
  const client = openClient(url)
  const set = (split: string) =>
    readSet(path.join(grocery, 'index.csv'), { labelColumn: 'fine_name', split, name: 'grocery' })
  const [gallery, queries] = [await set('iconic'), await set('test')]
  const limits = imageLimitsFrom(config)
  const about = await aboutServer(client)
  const options = { about, name: 'grocery', model, keep: false, root: grocery, concurrency: 4 }
  return withGallery(client, gallery.images, { ...options, limits }, (collection, failures) =>
    benchmark({
      url,
      key: undefined,
      client,
      facts: serverFacts(url, undefined),
      about,
      kindred: version,
      command: 'npm run bench:grocery',
      collection,
      queries: { name: 'photos of customers', list: labelledQueries(queries, grocery) },
      limits,
      pictures: true,
      settings: { labelField, ks, seed: 0, concurrency: 4, exact: false, ef: null },
      retrieval: { ownBy: 'id-or-hash', galleryFailures: failures, nmi: false },
      load: load
        ? {
            settings: {
              arrivals: 'poisson',
              seconds: given.duration,
              warmUp: 2,
              connections: 256,
              timeoutSeconds: 30,
              k: 10,
              ef: null,
              seed: 0,
            },
            shapes: [],
            ramp: { sloMs: given.slo, from: 4, most: 1000 },
            distinct: 256,
          }
        : null,
    }),
  )
}

const show = ({ mean, low, high }: Interval): string =>
  `${(100 * mean).toFixed(1)} (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`

const recallAt = (records: readonly QueryRecord[], k: number): number[] =>
  records.map(({ recall }) => recall[String(k)] ?? NaN)

function section(runs: readonly BenchRun[], heldOut: ReadonlySet<string>, machine: string): string {
  const records = runs.map(({ retrieval }) => retrieval?.queries ?? [])
  const parts: [string, (record: QueryRecord) => boolean][] = [
    [`all ${new Set(records[0]?.map(({ label }) => label)).size} products`, () => true],
    [`the ${heldOut.size} never seen in training`, ({ label }) => heldOut.has(label ?? '')],
  ]
  const rows = parts.flatMap(([what, belongs]) =>
    runs.map(({ collection }, n) => {
      const chosen = (records[n] ?? []).filter(belongs)
      const classes = chosen.map(({ label }) => label ?? '')
      const cells = ks.map((k) => show(bootstrapMean({ scores: recallAt(chosen, k), classes }, { seed: 0 })))
      return [collection.model ?? '', `${what}, ${chosen.length} photos`, ...cells]
    }),
  )
  const [before = [], after = []] = records
  const difference = bootstrapPairedDifference(
    {
      scores: recallAt(after, 1),
      baseline: recallAt(before, 1),
      classes: after.map(({ label }) => label ?? ''),
    },
    { seed: 0 },
  )
  return [
    `${runs[0]?.collection.counts.items ?? 0} catalogue pictures. ${new Date().toISOString().slice(0, 10)}, ${machine}.`,
    table(['model', 'photos of', ...ks.map((k) => `recall@${k}, %`)], rows),
    `Photo by photo, recall@1 differs by ${show(difference)} points. Intervals are 95 % bootstrap intervals by product, then photo.`,
    loadText(runs.at(-1)),
  ].join('\n\n')
}

function loadText(run: BenchRun | undefined): string {
  const [load, timings] = [run?.load, run?.retrieval?.timings]
  if (load == null || timings === undefined) return ''
  const held = load.ramp && heldStep(load.steps, load.ramp)
  const rate =
    held?.latency == null
      ? `No rate was held with p99 within ${given.slo} ms`
      : `The highest rate with p99 within ${given.slo} ms was ${held.rate.toFixed(1)} photos a second (Poisson arrivals; p50 ${held.latency.p50.toFixed(0)} ms, p99 ${held.latency.p99.toFixed(0)} ms)`
  const limit =
    load.ramp?.limitedBy === 'client' ? ' Above it the side that made the load did not keep up.' : ''
  return (
    `${rate}, client and server on this machine.${limit} While quality was measured, with 4 photos under way, an answer took ` +
    `${timings.total.toFixed(0)} ms in the mean: decode ${timings.decode.toFixed(0)}, embed ${timings.embed.toFixed(0)}, search ${timings.search.toFixed(1)}.`
  )
}

async function bench(store: string): Promise<void> {
  const machine = describeMachine()
  const held = await readFile(new URL('../recipes/grocery-held-out.txt', import.meta.url), 'utf8')
  const heldOut = new Set(held.split('\n').filter(Boolean))
  const server = await startChildServer([
    ...['--store', store, '--model', 'models/products', '--host', '127.0.0.1', '--port', '0'],
    ...['--log-level', 'warn'],
  ])
  const runs: BenchRun[] = []
  try {
    await mkdir(given.output, { recursive: true })
    for (const [n, model] of models.entries()) {
      const { run, examples } = await measure(server.url, model, n === models.length - 1)
      runs.push(run)
      const file = path.join(given.output, `grocery-${model}`)
      await writeFile(`${file}.html`, renderBenchReport(run, examples))
      await writeRun(`${file}.json`, run)
      console.log(`the page is ${file}.html`)
    }
  } finally {
    await server.close()
  }
  const text = section(runs, heldOut, machine)
  console.log(`\n${text}`)
  if (given.write !== undefined) await documentSection(given.write, 'bench:grocery', text)
}

if (existsSync(path.join(grocery, 'index.csv'))) {
  await inOwnFolder(bench)
} else {
  console.log(
    `skipped: ${grocery} is not there. Bring GroceryStore into that layout with scripts/prepare-data.ts`,
  )
}
