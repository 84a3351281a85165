import { pino } from 'pino'
import { openEmbeddedStore } from '../../../../src/collections/embedded/embedded-store.js'
import { Jobs } from '../../../../src/collections/jobs/jobs.js'
import { reindexJob } from '../../../../src/collections/jobs/reindex-job.js'
import { defaultImageLimits } from '../../../../src/images/limits.js'
import { newModel } from './pictured-collection.js'

/**
 * Changes the model of the collection `c` until it is killed, going on with an unfinished job, and says on standard output
 * which items its successor has for good (`finished ID`) and what the job came to (`job JSON`).
 */
const [folder = ''] = process.argv.slice(2)
const logger = pino({ level: 'silent' })
const store = await openEmbeddedStore(folder, { logger })
const begin = store.successors.begin.bind(store.successors)
store.successors.begin = async (...args) => {
  const successor = await begin(...args)
  const put = successor.putItems.bind(successor)
  successor.putItems = async (items) => {
    await put(items)
    for (const { id } of items) console.log(`finished ${id}`)
  }
  return successor
}
const jobs = new Jobs(folder, { keep: 10, atOnce: 1, waiting: 1, logger })
const embedder = newModel(() => new Promise((resolve) => setTimeout(resolve, 2)))
const unfinished = jobs.unfinished('c', embedder.model, 'reindex')
const { id } = jobs.start(
  { kind: 'reindex', collection: 'c', source: embedder.model, resume: unfinished?.id },
  reindexJob(store, { embedder: () => Promise.resolve(embedder), limits: defaultImageLimits, maxMissing: 0 }),
)
console.log(`started ${id}`)
console.log(`job ${JSON.stringify(await jobs.finished(id))}`)
await jobs.close()
await store.close()
