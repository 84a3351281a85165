import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { CatalogueLimits } from '../../datasets/catalogues/catalogue.js'
import { checkIds, openCatalogue } from '../../datasets/catalogues/open-catalogue.js'
import { confinedPath } from '../../datasets/confined-path.js'
import type { Embedder } from '../../embedding/embedder.js'
import { KindredError, toKindredError } from '../../errors.js'
import type { PictureFetcher } from '../../images/fetch/picture-fetcher.js'
import type { ImageLimits } from '../../images/limits.js'
import type { PictureDecoder } from '../../images/picture-decoder.js'
import type { Collection } from '../collection.js'
import type { CollectionStore } from '../collection-store.js'
import { createDryTarget } from '../dry-target.js'
import type { ImportTarget } from '../import-catalogue.js'
import { firstRow } from '../imports/first-row.js'
import { patientEmbedder } from '../imports/patient-embedder.js'
import { Slots } from '../imports/slots.js'
import { createStoreTarget } from '../store-target.js'
import { runImport, type PreparedImport } from './import-job.js'
import type { JobWork } from './job-work.js'

/** An import that a server was asked for, as its record keeps it. */
export interface ImportRequest {
  /** Absolute path. An uploaded file has a folder to itself, which goes with the job. */
  readonly source: string
  readonly uploaded: boolean
  /** Absolute path of the ids of a `.npy`. */
  readonly ids: string | null
  /** How many items may go that the source no longer has; null leaves them. */
  readonly deleteMissing: number | null
  /** Says what the import would do, and writes nothing. */
  readonly dryRun: boolean
}

export interface ImportParts {
  readonly store: CollectionStore
  readonly unpackFolder: string
  readonly limits: CatalogueLimits
  readonly imageLimits: ImageLimits
  /** Where pictures of rows are decoded. */
  readonly decoder: PictureDecoder
  /** Gets pictures that rows name by URL. */
  readonly fetcher: Pick<PictureFetcher, 'fetch'>
  /** Real paths of the folders that imports may read. */
  readonly roots: readonly string[]
  /** @throws KindredError MODEL_NOT_FOUND, EMBEDDER_FAILED */
  readonly embedderFor: (model: string) => Promise<Embedder>
  /** Shared by all imports: how many pictures of theirs wait in an embedder. */
  readonly slots: Slots
}

/** The slots of `ImportParts`: a batch under way and the next. */
export const importSlots = (embedBatch: number): Slots => new Slots(2 * embedBatch)

/** Imports through a process that serves searches at the same time. What an upload says is not trusted with paths. */
export function requestedImport(parts: ImportParts, request: ImportRequest): JobWork {
  const { source, uploaded, deleteMissing, dryRun } = request
  return {
    async run(run) {
      const atMost = deleteMissing ?? 0
      const work = {
        prepare: () => prepare(parts, request, run.job.collection, run.signal),
        ...(deleteMissing !== null &&
          !dryRun && { confirmDeletion: (count: number) => Promise.resolve(count <= atMost) }),
        countMissing: deleteMissing !== null && dryRun,
      }
      await runImport(parts.store, work, run).catch((thrown: unknown) => {
        // The signal's reason is known by what it is.
        throw uploaded && !run.signal.aborted ? calledByName(thrown, source, run.job.source) : thrown
      })
    },
    ...(uploaded && { over: () => rm(path.dirname(source), { recursive: true, force: true }) }),
  }
}

/** Where an upload lies is nobody's business, also when something is wrong with it. */
function calledByName(thrown: unknown, file: string, name: string): unknown {
  if (!(thrown instanceof KindredError)) return thrown
  const { code, message, hint } = thrown
  const options = { cause: thrown, ...(hint !== undefined && { hint }) }
  return new KindredError(code, message.replaceAll(file, name), options)
}

/**
 * The real paths of an import from files of this machine.
 *
 * @throws KindredError PATH_NOT_ALLOWED, also where there is nothing; INVALID_ARGUMENT for ids of what is no matrix, or
 * a matrix without
 */
export function allowedPaths(
  { source, ids }: Pick<ImportRequest, 'source' | 'ids'>,
  roots: readonly string[],
): Pick<ImportRequest, 'source' | 'ids'> {
  const real = { source: allowedPath(source, roots), ids: ids === null ? null : allowedPath(ids, roots) }
  checkIds(real.source, real.ids ?? undefined)
  return real
}

function allowedPath(given: string, roots: readonly string[]): string {
  const real =
    path.isAbsolute(given) && !given.split(/[/\\]/).includes('..') ? confinedPath(given, roots) : null
  if (real !== null) return real
  throw new KindredError(
    'PATH_NOT_ALLOWED',
    `${given} is not there, or not in a folder that imports may read`,
  )
}

async function prepare(
  parts: ImportParts,
  { source, uploaded, ids, dryRun }: ImportRequest,
  name: string,
  signal: AbortSignal,
): Promise<PreparedImport> {
  const { store, unpackFolder, limits, roots } = parts
  // Again: what may be read can have changed since the job was asked for.
  if (!uploaded) for (const file of [source, ...(ids === null ? [] : [ids])]) allowedPath(file, roots)
  const collection = await store.getCollection(name)
  const catalogue = await openCatalogue(source, {
    limits,
    under: unpackFolder,
    ids: ids ?? undefined,
    within: uploaded ? [] : roots,
    signal,
  })
  try {
    const target = dryRun
      ? createDryTarget(store, collection, parts.imageLimits.maxBytes, parts.fetcher)
      : await storeTarget(
          parts,
          collection,
          async () => (await firstRow(catalogue))?.content.kind === 'embedding',
          signal,
        )
    return { catalogue, target, fields: collection.fields, close: () => catalogue.close() }
  } catch (thrown) {
    await catalogue.close()
    throw thrown
  }
}

async function storeTarget(
  { store, imageLimits, fetcher, decoder, embedderFor, slots }: ImportParts,
  collection: Collection,
  bringsEmbeddings: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<ImportTarget> {
  const { model } = collection
  if (model === null) return createStoreTarget(store, collection, null, imageLimits)
  try {
    const embedder = patientEmbedder(await embedderFor(model), slots, signal)
    return createStoreTarget(store, collection, embedder, imageLimits, { fetcher, decoder })
  } catch (thrown) {
    // Ready-made embeddings can be imported without the model that made them.
    if (toKindredError(thrown).code !== 'MODEL_NOT_FOUND' || !(await bringsEmbeddings())) throw thrown
    return createStoreTarget(store, collection, null, imageLimits)
  }
}
