// Imports one version of a catalogue of embeddings after the other into the store in a folder, going on with an unfinished
// job, until it is killed. Says on standard output what it is about to write (`begin ID SEED`), what the store has
// acknowledged (`finished ID SEED`), and what each job came to (`job JSON`).
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { openEmbeddedStore } from '../../dist/collections/embedded/embedded-store.js'
import { runImport } from '../../dist/collections/jobs/import-job.js'
import { Jobs } from '../../dist/collections/jobs/jobs.js'
import { createStoreTarget } from '../../dist/collections/store-target.js'
import { loadConfig } from '../../dist/config.js'
import { createRandom } from '../../dist/datasets/random.js'
import { openCatalogue } from '../../dist/datasets/catalogues/open-catalogue.js'
import { imageLimitsFrom } from '../../dist/images/limits.js'
import { createLogger } from '../../dist/log.js'

const [folder, rows, firstVersion] = process.argv.slice(2)
const logger = createLogger('error')
const config = loadConfig({})
const store = await openEmbeddedStore(folder, {
  logger,
  tuning: { scanBelow: 0, snapshotAfter: 1000, sliceMs: 1 },
})
const jobs = new Jobs(folder, { keep: 10, atOnce: 1, waiting: 1, logger })
const { collection } = await store.createCollection('imported', {
  model: null,
  dimensions: 8,
  hnsw: { m: 4 },
})
const target = createStoreTarget(
  {
    ...bound(store),
    async putItems(name, items) {
      const say = (what) => {
        process.stdout.write(items.map(({ id, metadata }) => `${what} ${id} ${metadata.seed}\n`).join(''))
      }
      say('begin')
      const results = await store.putItems(name, items)
      say('finished')
      return results
    },
  },
  collection,
  null,
  imageLimitsFrom(config),
)

console.log('ready')
for (let version = Number(firstVersion); ; version++) {
  const source = sourceOf(version)
  const prepare = async () => {
    const catalogue = await openCatalogue(source, { limits: config, under: jobs.unpackFolder })
    return { catalogue, target, fields: {}, close: () => catalogue.close() }
  }
  const job = jobs.start(
    { kind: 'import', collection: 'imported', source, resume: jobs.unfinished('imported', source)?.id },
    { run: (run) => runImport(store, { prepare }, run) },
  )
  console.log(`job ${JSON.stringify({ ...(await jobs.finished(job.id)), version })}`)
}

/** A store is a class: its methods need it. */
function bound(of) {
  return {
    contentHashes: of.contentHashes.bind(of),
    embeddingsByContent: of.embeddingsByContent.bind(of),
    getItem: of.getItem.bind(of),
    getEmbedding: of.getEmbedding.bind(of),
  }
}

function sourceOf(version) {
  const file = path.join(folder, `catalogue-${version}.jsonl`)
  if (existsSync(file)) return file
  const lines = Array.from({ length: Number(rows) }, (_, row) => {
    const seed = version * 1_000_000 + row
    const draw = createRandom(seed)
    const embedding = Array.from({ length: 8 }, () => draw() * 2 - 1)
    return `${JSON.stringify({ id: `r-${row}`, embedding, seed })}\n`
  })
  writeFileSync(`${file}.tmp`, lines.join(''))
  renameSync(`${file}.tmp`, file)
  return file
}
