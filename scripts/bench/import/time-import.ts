import { openEmbeddedStore } from '../../../src/collections/embedded/embedded-store.js'
import { runImport } from '../../../src/collections/jobs/import-job.js'
import { Jobs } from '../../../src/collections/jobs/jobs.js'
import { createStoreTarget } from '../../../src/collections/store-target.js'
import { loadConfig } from '../../../src/config.js'
import { openCatalogue } from '../../../src/datasets/catalogues/open-catalogue.js'
import type { Embedder } from '../../../src/embedding/embedder.js'
import { KindredError } from '../../../src/errors.js'
import { openJobDecoders } from '../../../src/images/decoding/open-decoders.js'
import { imageLimitsFrom } from '../../../src/images/limits.js'
import type { Keep } from '../../../src/images/picture-to-keep.js'
import { createLogger } from '../../../src/log.js'

export interface TimedImport {
  /** Of the store; made where there is none. */
  readonly folder: string
  readonly source: string
  readonly ids?: string
  readonly embedder: Embedder | null
  /** The embedder's where absent. */
  readonly dimensions?: number
  /** What is kept of the pictures; thumbnails where absent. */
  readonly keep?: Keep
}

/** Seconds that a job takes from its start until all rows are on disk. @throws KindredError unless all rows arrive */
export async function timeImport({
  folder,
  source,
  ids,
  embedder,
  dimensions,
  keep = 'thumbnail',
}: TimedImport): Promise<number> {
  const config = loadConfig({})
  const logger = createLogger('warn')
  const store = await openEmbeddedStore(folder, { logger })
  const jobs = new Jobs(folder, { keep: config.keepJobs, atOnce: 1, waiting: 1, logger })
  const decoder = openJobDecoders(config)
  try {
    const { collection } = await store.createCollection('bench', {
      model: embedder?.model ?? null,
      dimensions: dimensions ?? embedder?.dimensions ?? 0,
      keep,
    })
    // The collection's thread starts at the first call, and a server's has long been there.
    await store.contentHashes('bench', [])
    const target = createStoreTarget(store, collection, embedder, imageLimitsFrom(config), { decoder })
    const began = performance.now()
    const prepare = async () => {
      const catalogue = await openCatalogue(source, { limits: config, under: jobs.unpackFolder, ids })
      return { catalogue, target, fields: {}, close: () => catalogue.close() }
    }
    const { id } = jobs.start(
      { kind: 'import', collection: 'bench', source },
      { run: (run) => runImport(store, { prepare }, run) },
    )
    const job = await jobs.finished(id)
    const seconds = (performance.now() - began) / 1000
    if (job.state === 'done' && job.counts.failed === 0) return seconds
    throw new KindredError('INTERNAL', `The import ended so: ${JSON.stringify(job)}`)
  } finally {
    await decoder.close()
    await jobs.close()
    await store.close()
  }
}
