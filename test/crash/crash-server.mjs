// The built server over the store in a folder, tuned so that graphs are saved, compacted and copied all the time, until it
// is killed. No picture is ever embedded here, so it has no model.
import { KeyRecords } from '../../dist/server/access/key-records.js'
import { createServer } from '../../dist/server/create-server.js'
import { AnswerRecords } from '../../dist/server/idempotency/answer-records.js'
import { Lifecycle } from '../../dist/server/lifecycle.js'
import { listen } from '../../dist/server/listen.js'
import { openJobService } from '../../dist/server/services/open-job-service.js'
import { openEmbeddedStore } from '../../dist/collections/embedded/embedded-store.js'
import { loadConfig } from '../../dist/config.js'
import { createPictureFetcher } from '../../dist/images/fetch/picture-fetcher.js'
import { createLogger } from '../../dist/log.js'

const [folder] = process.argv.slice(2)
const logger = createLogger('error')
const tuning = { scanBelow: 0, snapshotAfter: 20, sliceMs: 1 }
const store = await openEmbeddedStore(folder, { logger, tuning })
await store.createCollection('c', { model: null, dimensions: 8, hnsw: { m: 4, ef: 64 } })
const none = () => Promise.reject(new Error('there is no model here'))
const models = { defaultModel: 'none', list: () => Promise.resolve([]), find: none, embedderFor: none }
// Writes come as fast as they can.
const config = loadConfig({ flags: { store: folder, rateLimitPerAddress: 0 } })
const lifecycle = new Lifecycle()
const keys = KeyRecords.open(folder)
const answers = AnswerRecords.open(folder)
const fetcher = createPictureFetcher(config)
const jobs = await openJobService({ config, store, models, fetcher, logger })
const { listener } = createServer({ config, store, models, keys, answers, jobs, fetcher, logger, lifecycle })
const server = await listen(listener, { ...config, port: 0, host: '127.0.0.1', lifecycle, logger })
console.log(server.url)

// One snapshot after the other, the one before removed.
for (;;) {
  const { name } = await store.snapshots.create('c', `s${Date.now()}`)
  for (const snapshot of await store.snapshots.list('c')) {
    if (snapshot.name !== name) await store.snapshots.remove('c', snapshot.name)
  }
}
