import type { Catalogue } from '../../datasets/catalogues/catalogue.js'
import type { FieldType } from '../collection.js'
import type { CollectionStore } from '../collection-store.js'
import { importCatalogue, SourceChanged, type ImportTarget } from '../import-catalogue.js'
import { deleteMissing, findMissing, type ConfirmDeletion } from '../imports/delete-missing.js'
import type { ImportCounts, ImportProgress } from '../imports/import-progress.js'
import { SeenIds } from '../imports/seen-ids.js'
import { readCheckpoint, writeCheckpoint, type ImportCheckpoint } from './import-checkpoint.js'
import type { JobRun } from './job-work.js'
import type { Job, JobError } from './job.js'
import { RecentRate } from './recent-rate.js'

/** What an import works with, made when it runs. */
export interface PreparedImport {
  readonly catalogue: Catalogue
  readonly target: ImportTarget
  readonly fields: Readonly<Record<string, FieldType>>
  /** Called when the run is over, however it ended. */
  close(): Promise<void>
}

export interface ImportJob {
  readonly prepare: (signal: AbortSignal) => Promise<PreparedImport>
  /** Deletes, after all rows, the items that the source no longer has; absent, they stay. */
  readonly confirmDeletion?: ConfirmDeletion | undefined
  /** Whether the items that the source no longer has are counted instead. */
  readonly countMissing?: boolean
}

/**
 * How often progress is written. What a kill loses of it is looked at again, and found in the collection: it costs a
 * look, not an embedding.
 */
const noteEveryMs = 200

/** The run of an import: from where its checkpoint stands to the end of its source. */
export async function runImport(
  store: CollectionStore,
  { prepare, confirmDeletion, countMissing = false }: ImportJob,
  run: JobRun,
): Promise<void> {
  const { job, signal } = run
  const prepared = await prepare(signal)
  const seen = new SeenIds()
  try {
    const source = { seen, counts: await importAll(store, prepared, seen, run) }
    if (countMissing) run.report({ deleted: await findMissing(store, job.collection, source, signal) })
    if (confirmDeletion === undefined) return
    const deleted = await deleteMissing(store, job.collection, source, confirmDeletion, signal)
    run.report({ deleted: job.deleted + deleted })
  } finally {
    seen.close()
    await prepared.close()
  }
}

/** @returns what became of all rows of the source, those of earlier runs included */
async function importAll(
  store: CollectionStore,
  prepared: PreparedImport,
  seen: SeenIds,
  run: JobRun,
): Promise<ImportCounts> {
  const { job } = run
  const checkpoint = readCheckpoint(run.checkpoint)
  if (
    checkpoint !== null &&
    checkpoint.signature === prepared.catalogue.signature &&
    (await hasItem(store, job.collection, checkpoint.lastId))
  ) {
    try {
      return await importFrom(checkpoint, job, prepared, seen, run)
    } catch (thrown) {
      if (!(thrown instanceof SourceChanged)) throw thrown
      seen.clear()
    }
  }
  return importFrom(null, run.startOver(), prepared, seen, run)
}

/** Whether the collection is the one that was written to: not one of the same name, made since. */
async function hasItem(store: CollectionStore, collection: string, id: string | null): Promise<boolean> {
  return id === null || (await store.contentHashes(collection, [id])).has(id)
}

async function importFrom(
  from: ImportCheckpoint | null,
  job: Job,
  { catalogue, target, fields }: PreparedImport,
  seen: SeenIds,
  { report, resumed, signal }: JobRun,
): Promise<ImportCounts> {
  const before = job.counts
  const rate = new RecentRate(performance.now())
  let noted = performance.now()
  let latest: ImportProgress | null = null
  let lastId = from?.lastId ?? null
  let errors: JobError[] = []
  const note = (): void => {
    if (latest === null) return
    noted = performance.now()
    const { position, counts } = latest
    latest = null
    const ratePerSecond = rate.note(noted, counts.total)
    const told = errors
    errors = []
    report({
      counts: sum(before, counts),
      ratePerSecond,
      etaSeconds: secondsLeft(catalogue.share(), sum(before, counts).total, ratePerSecond),
      checkpoint: writeCheckpoint({ position, signature: catalogue.signature, lastId }),
      errors: told,
    })
  }
  try {
    const { complete, counts } = await importCatalogue(catalogue, target, {
      fields,
      seen,
      from: from?.position,
      since: resumed ? job.createdAt : null,
      signal,
      onProgress: (progress) => {
        latest = progress
        lastId = progress.lastId ?? lastId
        errors.push(...progress.errors)
        if (performance.now() - noted >= noteEveryMs) note()
      },
    })
    if (!complete) signal.throwIfAborted()
    return sum(before, counts)
  } finally {
    note()
  }
}

const sum = (a: ImportCounts, b: ImportCounts): ImportCounts => ({
  total: a.total + b.total,
  embedded: a.embedded + b.embedded,
  unchanged: a.unchanged + b.unchanged,
  failed: a.failed + b.failed,
})

/** By the share of the source that was read for the rows so far. */
function secondsLeft(share: number | null, rows: number, ratePerSecond: number | null): number | null {
  if (share === null || share <= 0 || ratePerSecond === null || ratePerSecond <= 0) return null
  return (rows / share - rows) / ratePerSecond
}
