/**
 * `npm run bench:index`: how long the graph of a collection takes to build, what it costs in memory, what it finds, and
 * whether searches and the event loop stall while it is written to.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import type { CollectionStore, NewItem } from '../collections/collection-store.js'
import { CollectionEngine } from '../collections/embedded/collection-engine.js'
import { openEmbeddedStore } from '../collections/embedded/embedded-store.js'
import { defaultTuning } from '../collections/embedded/tuning.js'
import { toUnitLength } from '../collections/unit-length.js'
import { expected, toKindredError } from '../errors.js'
import { createLogger } from '../log.js'
import { clusteredEmbeddings } from './clustered-embeddings.js'
import { quantile } from './quantile.js'

const help = `Builds the graph of a seeded collection and searches it, with and without writes beside.

  --items 100000   --dimensions 128   --classes 1000   --noise 1   --seed 1
  --queries 500    searched one after the other for recall@10 against the exact scan
  --seconds 10     of searches by four clients, then as many with a writer beside them
`

const { values: given } = parseArgs({
  options: {
    items: { type: 'string', default: '100000' },
    dimensions: { type: 'string', default: '128' },
    classes: { type: 'string', default: '1000' },
    noise: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    queries: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  },
})

type Numeric = Exclude<keyof typeof given, 'help'>
const whole = (name: Numeric): number => {
  const value = Number(given[name])
  if (!Number.isInteger(value) || value < 1)
    throw expected('a positive whole number', `--${name}`, given[name])
  return value
}

const k = 10
const efs = [50, 100, 200]
const clients = 4
const collection = 'bench'
const logger = createLogger('warn')
const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Items, and queries from the same classes that are not among them. */
function makeItems(): { items: NewItem[]; queries: Float32Array[] } {
  const [count, dimensions, queries] = [whole('items'), whole('dimensions'), whole('queries')]
  const noise = Number(given.noise)
  const { embeddings } = clusteredEmbeddings({
    count: count + queries,
    dimensions,
    classes: whole('classes'),
    noise,
    seed: whole('seed'),
  })
  const row = (at: number): Float32Array => embeddings.slice(at * dimensions, (at + 1) * dimensions)
  return {
    items: Array.from({ length: count }, (_, at) => ({ id: `item-${at}`, embedding: row(at) })),
    queries: Array.from({ length: queries }, (_, at) => toUnitLength(row(count + at), dimensions)),
  }
}

/** The engine of the collection in this thread, where its work can be timed. */
function benchEngine(folder: string, queries: readonly Float32Array[]): void {
  const before = process.memoryUsage().rss
  const began = performance.now()
  const engine = new CollectionEngine(folder, defaultTuning, () => undefined)
  while (engine.unfinished) engine.work()
  const seconds = (performance.now() - began) / 1000
  const bytes = process.memoryUsage().rss - before
  const count = whole('items')
  say(`build      ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} items/s, one core`)
  say(
    `memory     ${(bytes / count).toFixed(0)} bytes an item, of which ${4 * whole('dimensions')} are its embedding`,
  )

  const exact = queries.map((embedding) => idsOf(engine, { embedding, k, exact: true }))
  for (const ef of efs) {
    const started = performance.now()
    const found = queries.map((embedding) => idsOf(engine, { embedding, k, exact: false, ef }))
    const took = (performance.now() - started) / 1000
    const hits = found.map((ids, at) => ids.filter((id) => exact[at]?.includes(id)).length)
    const recall = hits.reduce((sum, hit) => sum + hit, 0) / (k * queries.length)
    say(
      `ef ${String(ef).padEnd(7)} recall@${k} ${recall.toFixed(4)}, ${(queries.length / took).toFixed(0)} queries/s`,
    )
  }
  engine.close(true)
}

const idsOf = (engine: CollectionEngine, query: Parameters<CollectionEngine['search']>[0]): string[] =>
  engine.search(query).hits.map(({ id }) => id)

/** Searches by several clients for some seconds, with a writer beside them or without. */
async function benchStore(
  store: CollectionStore,
  queries: readonly Float32Array[],
  writing: boolean,
): Promise<void> {
  const end = performance.now() + 1000 * whole('seconds')
  const pauses = monitorEventLoopDelay({ resolution: 1 })
  pauses.enable()
  const latencies: number[] = []
  const search = async (client: number): Promise<void> => {
    for (let at = client; performance.now() < end; at += clients) {
      const started = performance.now()
      await store.search(collection, { embedding: queries[at % queries.length] ?? new Float32Array(), k })
      latencies.push(performance.now() - started)
    }
  }
  let written = 0
  const write = async (): Promise<void> => {
    for (let batch = 0; performance.now() < end; batch++) {
      const { embeddings, dimensions } = clusteredEmbeddings({
        count: 32,
        dimensions: whole('dimensions'),
        classes: 32,
        noise: Number(given.noise),
        seed: 1000 + batch,
      })
      const items = Array.from({ length: 32 }, (_, at) => ({
        id: `new-${batch}-${at}`,
        embedding: embeddings.slice(at * dimensions, (at + 1) * dimensions),
      }))
      await store.putItems(collection, items)
      // As many old ones go, so that the graph gathers tombstones.
      await store.deleteItems(
        collection,
        items.map((_, at) => `item-${batch * 32 + at}`),
      )
      written += 2 * items.length
    }
  }
  await Promise.all([
    ...Array.from({ length: clients }, (_, client) => search(client)),
    ...(writing ? [write()] : []),
  ])
  pauses.disable()
  const rate = latencies.length / whole('seconds')
  const times = [0.5, 0.99].map((share) => quantile(latencies, share).toFixed(1))
  say(
    `${writing ? 'with writes' : 'searches   '} ${rate.toFixed(0)} queries/s, median ${times[0]} ms, p99 ${times[1]} ms, ` +
      `longest pause of the event loop ${(pauses.max / 1e6).toFixed(0)} ms` +
      (writing ? `, ${(written / whole('seconds')).toFixed(0)} items written or deleted a second` : ''),
  )
}

async function bench(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kindred-bench-'))
  try {
    const { items, queries } = makeItems()
    say(`${items.length} x ${whole('dimensions')}, seed ${given.seed}, on ${cpus()[0]?.model.trim() ?? ''}`)
    const filling = await openEmbeddedStore(folder, { logger, tuning: { scanBelow: Infinity } })
    await filling.createCollection(collection, { model: null, dimensions: whole('dimensions') })
    const began = performance.now()
    for (let at = 0; at < items.length; at += 1000)
      await filling.putItems(collection, items.slice(at, at + 1000))
    const seconds = (performance.now() - began) / 1000
    say(`writes     ${seconds.toFixed(1)} s, ${(items.length / seconds).toFixed(0)} items/s, on disk at once`)
    await filling.close()
    items.length = 0

    const [uid = ''] = readdirSync(path.join(folder, 'collections'))
    benchEngine(path.join(folder, 'collections', uid), queries)

    const started = performance.now()
    const store = await openEmbeddedStore(folder, { logger })
    await store.search(collection, { embedding: queries[0] ?? new Float32Array(), k })
    say(`restart    ${((performance.now() - started) / 1000).toFixed(1)} s until the first answer`)
    for (const writing of [false, true]) await benchStore(store, queries, writing)
    await store.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (given.help) process.stdout.write(help)
else {
  await bench().catch((thrown: unknown) => {
    process.stderr.write(`error: ${toKindredError(thrown).message}\n`)
    process.exitCode = 1
  })
}
