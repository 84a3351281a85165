import path from 'node:path'
import { pino } from 'pino'
import type { CollectionStore } from '../../../../src/collections/collection-store.js'
import { openEmbeddedStore } from '../../../../src/collections/embedded/embedded-store.js'
import type { ImportTarget } from '../../../../src/collections/import-catalogue.js'
import { runImport, type ImportJob } from '../../../../src/collections/jobs/import-job.js'
import type { Job } from '../../../../src/collections/jobs/job.js'
import { Jobs } from '../../../../src/collections/jobs/jobs.js'
import { createStoreTarget } from '../../../../src/collections/store-target.js'
import { openCatalogue } from '../../../../src/datasets/catalogues/open-catalogue.js'
import type { Embedder } from '../../../../src/embedding/embedder.js'
import { defaultImageLimits } from '../../../../src/images/limits.js'
import { decodesHere, type PictureDecoder } from '../../../../src/images/picture-decoder.js'

export const limits = {
  maxRowBytes: 1 << 20,
  maxArchiveMembers: 1000,
  maxArchiveMemberBytes: 1 << 20,
  maxArchiveBytes: 1 << 24,
}

export interface OpenJobs {
  readonly store: CollectionStore
  readonly jobs: Jobs
  /** Starts the import of a source into the collection `c`. */
  start(source: string, rest?: Partial<ImportJob> & { readonly resume?: string | undefined }): Job
  close(): Promise<void>
}

/** A store in a folder with its jobs, and a collection `c` that embeds with `embedder`, or takes embeddings alone. */
export async function openJobs(
  folder: string,
  embedder: Embedder | null,
  {
    dimensions = 4,
    keep = 100,
    decoder = decodesHere,
  }: { dimensions?: number; keep?: number; decoder?: PictureDecoder } = {},
): Promise<OpenJobs> {
  const logger = pino({ level: 'silent' })
  const store = await openEmbeddedStore(folder, { logger })
  const jobs = new Jobs(folder, { keep, atOnce: 1, waiting: 100, logger })
  const { collection } = await store.createCollection('c', { model: embedder?.model ?? null, dimensions })
  const target: ImportTarget = createStoreTarget(store, collection, embedder, defaultImageLimits, {
    decoder,
  })
  return {
    store,
    jobs,
    start: (source, { resume, ...rest } = {}) => {
      const work: ImportJob = {
        async prepare(signal) {
          const catalogue = await openCatalogue(source, { limits, under: jobs.unpackFolder, signal })
          return { catalogue, target, fields: collection.fields, close: () => catalogue.close() }
        },
        ...rest,
      }
      const wanted = { kind: 'import', collection: 'c', source: path.resolve(source), resume } as const
      return jobs.start(wanted, { run: (run) => runImport(store, work, run) })
    },
    async close() {
      await jobs.close()
      await store.close()
    },
  }
}
