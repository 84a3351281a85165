import path from 'node:path'
import { findBundle } from '../../bundles/find-bundle.js'
import type { Bundle } from '../../bundles/bundle.js'
import { loadBundle } from '../../bundles/load-bundle.js'
import type { Collection } from '../../collections/collection.js'
import type { CollectionStore } from '../../collections/collection-store.js'
import { openEmbeddedStore } from '../../collections/embedded/embedded-store.js'
import { runImport, type PreparedImport } from '../../collections/jobs/import-job.js'
import { Jobs } from '../../collections/jobs/jobs.js'
import type { Job } from '../../collections/jobs/job.js'
import { refuseOtherSettings } from '../../collections/refuse-other-settings.js'
import { createStoreTarget } from '../../collections/store-target.js'
import type { CatalogueRow } from '../../datasets/catalogues/catalogue-row.js'
import { openCatalogue } from '../../datasets/catalogues/open-catalogue.js'
import { KindredError } from '../../errors.js'
import { openJobDecoders } from '../../images/decoding/open-decoders.js'
import { createPictureFetcher } from '../../images/fetch/picture-fetcher.js'
import { imageLimitsFrom } from '../../images/limits.js'
import { keepingFrom } from '../../images/picture-to-keep.js'
import { createLogger } from '../../log.js'
import { openEmbedder } from '../open-embedder.js'
import { confirmDeletion } from './confirm-deletion.js'
import { firstRow } from '../../collections/imports/first-row.js'
import { followJob } from './follow-job.js'
import { catalogueLimitsFrom, type IndexRequest, type IndexResult } from './index-request.js'

/** Indexes into the store in this process, as a job that can be gone on with. */
export async function indexHere(request: IndexRequest, signal: AbortSignal): Promise<IndexResult> {
  const { config } = request
  const logger = createLogger('warn')
  const store = await openEmbeddedStore(config.store, { logger })
  try {
    const jobs = new Jobs(config.store, { keep: config.keepJobs, atOnce: 1, waiting: 1, logger })
    try {
      return await runJob(request, store, jobs, signal)
    } finally {
      await jobs.close()
    }
  } finally {
    await store.close()
  }
}

async function runJob(
  request: IndexRequest,
  store: CollectionStore,
  jobs: Jobs,
  signal: AbortSignal,
): Promise<IndexResult> {
  const { collection, deletion, quiet } = request
  // What is wrong with the request is found before there is a job.
  const prepared = await prepare(request, store, jobs.unpackFolder, signal)
  const source = [request.source, ...(request.ids === undefined ? [] : [request.ids])]
    .map((file) => path.resolve(file))
    .join(' with ')
  const resume = jobToResume(request, jobs, source)
  const work = {
    prepare: () => Promise.resolve(prepared),
    confirmDeletion: deletion === null ? undefined : confirmDeletion(deletion, signal),
  }
  const { id } = jobs.start(
    { kind: 'import', collection, source, resume },
    { run: (run) => runImport(store, work, run) },
  )
  const words = {
    title: 'indexing',
    startedOver: 'the source or the collection has changed since; all rows are looked at again',
  }
  const job = await followJob(jobs, id, words, { quiet, signal })
  return {
    job: id,
    there: false,
    counts: job.counts,
    deleted: job.deleted,
    interrupted: job.state === 'cancelled',
  }
}

/** Says what is unfinished, whether or not it is to be gone on with. */
function jobToResume({ collection, resume }: IndexRequest, jobs: Jobs, source: string): string | undefined {
  const unfinished = jobs.unfinished(collection, source)
  if (unfinished === null) {
    if (resume)
      process.stderr.write('there is no unfinished job of this source and collection; starting one\n')
    return undefined
  }
  process.stderr.write(
    resume
      ? `going on with job ${unfinished.id} after ${rows(unfinished)}\n`
      : `job ${unfinished.id} of this source is unfinished (${unfinished.state} after ${rows(unfinished)}); ` +
          '--resume goes on with it, this is a new one\n',
  )
  return resume ? unfinished.id : undefined
}

const rows = ({ counts }: Job): string => (counts.total === 1 ? '1 row' : `${counts.total} rows`)

async function prepare(
  request: IndexRequest,
  store: CollectionStore,
  unpackFolder: string,
  signal: AbortSignal,
): Promise<PreparedImport> {
  const { source, ids, config } = request
  const catalogue = await openCatalogue(source, {
    limits: catalogueLimitsFrom(config),
    under: unpackFolder,
    ids,
    signal,
  })
  try {
    const first = await firstRow(catalogue)
    const { collection, bundle } = await chooseCollection(request, store, first)
    const fetcher = createPictureFetcher(config)
    const embedder = bundle === null ? null : await openEmbedder(bundle, config)
    const decoder = openJobDecoders(config)
    return {
      catalogue,
      target: createStoreTarget(store, collection, embedder, imageLimitsFrom(config), { fetcher, decoder }),
      fields: collection.fields,
      async close() {
        await embedder?.close()
        await decoder.close()
        await fetcher.close()
        await catalogue.close()
      },
    }
  } catch (thrown) {
    await catalogue.close()
    throw thrown
  }
}

/** The collection, made where it is not there, and the bundle that embeds for it; null where nothing is to be embedded. */
async function chooseCollection(
  { collection: name, model, ids, keeping, config }: IndexRequest,
  store: CollectionStore,
  first: CatalogueRow | null,
): Promise<{ collection: Collection; bundle: Bundle | null }> {
  const found = await store.getCollection(name).catch((thrown: unknown) => {
    if (thrown instanceof KindredError && thrown.code === 'COLLECTION_NOT_FOUND') return null
    throw thrown
  })
  if (found !== null) refuseOtherSettings(found, keeping)
  const dimensions = first?.content.kind === 'embedding' ? first.content.values.length : null
  if (model === undefined && found === null && dimensions !== null) {
    const { collection } = await store.createCollection(name, {
      model: null,
      dimensions,
      ...keepingFrom(config),
    })
    return { collection, bundle: null }
  }
  if (found?.model === null && model === undefined) {
    if (dimensions === null && first !== null) {
      throw new KindredError('MODEL_MISMATCH', `${name} takes only ready-made embeddings, not pictures`)
    }
    checkDimensions(found, dimensions, ids)
    return { collection: found, bundle: null }
  }
  if (found !== null && model === undefined && ids !== undefined) {
    checkDimensions(found, dimensions, ids)
    return { collection: found, bundle: null }
  }
  const bundle =
    model !== undefined
      ? await loadBundle(model)
      : found?.model != null
        ? await findBundle(config.models, found.model)
        : await loadBundle(config.model)
  const { collection } = await store.createCollection(name, {
    model: bundle.model,
    dimensions: bundle.manifest.embedding.dimensions,
    ...keepingFrom(config),
  })
  checkDimensions(collection, dimensions, ids)
  return { collection, bundle }
}

/** All rows of a matrix have the same dimensions: said once, and not of each row. */
function checkDimensions(collection: Collection, dimensions: number | null, ids: string | undefined): void {
  if (ids === undefined || dimensions === null || dimensions === collection.dimensions) return
  throw new KindredError(
    'INVALID_EMBEDDING',
    `The embeddings have ${dimensions} dimensions, the collection ${collection.name} has ${collection.dimensions}`,
  )
}
