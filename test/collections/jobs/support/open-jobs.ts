import path from 'node:path'
import { pino } from 'pino'
import type { CollectionStore } from '../../../../src/collections/collection-store.js'
import { openEmbeddedStore } from '../../../../src/collections/embedded/embedded-store.js'
import type { ImportTarget } from '../../../../src/collections/import-catalogue.js'
import { ImportJobs } from '../../../../src/collections/jobs/import-jobs.js'
import type { ImportWork } from '../../../../src/collections/jobs/import-work.js'
import { createStoreTarget } from '../../../../src/collections/store-target.js'
import { openCatalogue } from '../../../../src/datasets/catalogues/open-catalogue.js'
import type { Embedder } from '../../../../src/embedding/embedder.js'
import { defaultImageLimits } from '../../../../src/images/limits.js'

export const limits = {
  maxRowBytes: 1 << 20,
  maxArchiveMembers: 1000,
  maxArchiveMemberBytes: 1 << 20,
  maxArchiveBytes: 1 << 24,
}

export interface OpenJobs {
  readonly store: CollectionStore
  readonly jobs: ImportJobs
  /** The import of a source into the collection `c`. */
  work(source: string, rest?: Partial<ImportWork> & { readonly ids?: string }): ImportWork
  close(): Promise<void>
}

/** A store in a folder with its jobs, and a collection `c` that embeds with `embedder`, or takes embeddings alone. */
export async function openJobs(
  folder: string,
  embedder: Embedder | null,
  { dimensions = 4, keep = 100 }: { dimensions?: number; keep?: number } = {},
): Promise<OpenJobs> {
  const logger = pino({ level: 'silent' })
  const store = await openEmbeddedStore(folder, { logger })
  const jobs = new ImportJobs(folder, store, { keep, logger })
  const { collection } = await store.createCollection('c', { model: embedder?.model ?? null, dimensions })
  const target: ImportTarget = createStoreTarget(store, collection, embedder, defaultImageLimits)
  return {
    store,
    jobs,
    work: (source, { ids, ...rest } = {}) => ({
      collection: 'c',
      source: path.resolve(source),
      async prepare(signal) {
        const catalogue = await openCatalogue(source, { limits, under: jobs.unpackFolder, ids, signal })
        return { catalogue, target, fields: collection.fields, close: () => catalogue.close() }
      },
      ...rest,
    }),
    async close() {
      await jobs.close()
      await store.close()
    },
  }
}
