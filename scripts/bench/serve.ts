/**
 * `npm run bench:serve`: how long a client waits for a search by photo, beside what its parts take alone.
 * The demo catalogue is indexed with the model of `--model` and served by a real server in a process of its own, on a
 * free port of this machine alone.
 */
import { cp, readFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg } from 'node:os'
import path from 'node:path'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { prepareDemo } from '../../src/cli/demo.js'
import type { Collection } from '../../src/collections/collection.js'
import type { CollectionStore } from '../../src/collections/collection-store.js'
import { openEmbeddedStore } from '../../src/collections/embedded/embedded-store.js'
import { loadConfig, type Config } from '../../src/config.js'
import { createRandom, sample } from '../../src/datasets/random.js'
import { readSet } from '../../src/datasets/read-set.js'
import { syntheticFiles } from '../../src/datasets/synthetic/render-synthetic-catalogue.js'
import { createOnnxEmbedder } from '../../src/embedding/onnx-embedder.js'
import { KindredError } from '../../src/errors.js'
import { createLogger } from '../../src/log.js'
import { startChildServer } from './child-server.js'
import { median } from '../../src/bench/quantile.js'
import { optionalText, scriptOptions, text, whole } from '../script-options.js'
import { measureServeLatency, type RepeatLatency } from './serve-latency.js'
import { inOwnFolder } from './in-own-folder.js'

/** Times the sum of the parts that an answer may take. */
const goal = 1.5

const given = scriptOptions(
  'bench:serve',
  'Times searches by photo over HTTP, one after the other, beside what their parts take alone.',
  {
    model: text('BUNDLE', 'models/products', 'of the server'),
    store: optionalText('FOLDER', 'where the demo is made and kept; a temporary one without it'),
    photos: optionalText('SET', "a labelled set; the demo's own queries without it"),
    count: whole(40, 'photos, drawn from it'),
    repeats: whole(5, 'of each'),
    seed: whole(1, 'of the draw'),
    k: whole(10, 'answers to each'),
  },
)
const { count, repeats, seed, k } = given

async function bench(served: string, alone: string): Promise<void> {
  const config = loadConfig({ env: process.env, flags: { store: served, model: given.model } })
  await prepareDemo(config)
  // A store has one owner: the server gets the original, this process a copy.
  await cp(served, alone, { recursive: true })
  const photos = await choosePhotos(
    given.photos ?? path.join(served, 'demo-catalogue', syntheticFiles.queries),
  )

  const store = await openEmbeddedStore(alone, { logger: createLogger('warn') })
  const embedder = await createOnnxEmbedder(await loadBundle(config.model), embedderOptions(config))
  const flags = ['--store', served, '--model', config.model, '--host', '127.0.0.1', '--port', '0']
  const server = await startChildServer([...flags, '--log-level', 'info'])
  try {
    const { name: collection, counts } = await theCollection(store)
    console.log(
      `${embedder.model}, ${counts.items} items, ${photos.length} photos x ${repeats} repeats, seed ${seed}, concurrency 1`,
    )
    console.log(
      `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1) ?? '?'}, Node ${process.version}`,
    )
    const { url } = server
    const parts = { photos, collection, k, repeats, seed, url, embedder, store }
    report(await measureServeLatency(parts))
  } finally {
    await server.close()
    await embedder.close()
    await store.close()
  }
}

const embedderOptions = (config: Config) => ({
  provider: config.provider,
  threads: config.embedThreads,
  maxBatch: config.embedBatch,
})

/** The store holds the demo and nothing else. */
async function theCollection(store: CollectionStore): Promise<Collection> {
  const [collection] = (await store.listCollections({ limit: 1 })).items
  if (collection === undefined) throw new KindredError('COLLECTION_NOT_FOUND', 'The demo made no collection')
  return collection
}

/** @param from a labelled set: folder or CSV */
async function choosePhotos(from: string): Promise<Uint8Array<ArrayBuffer>[]> {
  const { images } = await readSet(from, {})
  const chosen = sample(images, Math.min(count, images.length), createRandom(seed))
  return Promise.all(chosen.map(async (image) => new Uint8Array(await readFile(image.path))))
}

function report(rounds: readonly RepeatLatency[]): void {
  const line = (label: string, of: (round: RepeatLatency) => number, digits = 2) => {
    const values = rounds.map(of)
    const range = `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`
    console.log(`${label.padEnd(38)}${median(values).toFixed(digits).padStart(8)}   (${range})`)
  }
  console.log('\nmilliseconds, p50 over photos: median (range) of the repeats')
  line('decode alone', ({ decode }) => decode)
  line('embed alone', ({ embed }) => embed)
  line('search alone', ({ search }) => search)
  line('their sum', ({ sum }) => sum)
  line('answered over HTTP', ({ answered }) => answered)
  line('answered over HTTP, p95', ({ answeredP95 }) => answeredP95)
  line('answered / sum', ({ ratio }) => ratio)
  const ratio = median(rounds.map((round) => round.ratio))
  console.log(`goal: at most ${goal}: ${ratio <= goal ? 'met' : 'missed'}`)
}

await inOwnFolder((folder) => bench(given.store ?? path.join(folder, 'served'), path.join(folder, 'alone')))
