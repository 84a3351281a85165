import { importCatalogue, SourceChanged } from '../import-catalogue.js'
import type { CollectionStore } from '../collection-store.js'
import { deleteMissing } from '../imports/delete-missing.js'
import type { ImportCounts, ImportProgress } from '../imports/import-progress.js'
import { SeenIds } from '../imports/seen-ids.js'
import { readCheckpoint, writeCheckpoint, type ImportCheckpoint } from './import-checkpoint.js'
import type { ImportWork, JobEvent, PreparedImport } from './import-work.js'
import type { Job, JobError } from './job.js'
import type { JobRecords } from './job-records.js'
import { RecentRate } from './recent-rate.js'

/**
 * How often progress is written. What a kill loses of it is looked at again, and found in the collection: it costs a
 * look, not an embedding.
 */
const noteEveryMs = 200

export interface ImportRun {
  readonly records: JobRecords
  readonly store: CollectionStore
  /** Whether the job was begun by an earlier run. */
  readonly resumed: boolean
  readonly signal: AbortSignal
  readonly tell: (event: JobEvent) => void
}

/**
 * Runs an import from where its record says it stands to the end.
 *
 * @throws the signal's reason when it was stopped; whatever else ends it as a whole
 */
export async function runImport(job: Job, work: ImportWork, run: ImportRun): Promise<void> {
  const { signal, store, records } = run
  const prepared = await work.prepare(signal)
  const seen = new SeenIds()
  try {
    await importAll(job, prepared, seen, run)
    if (work.confirmDeletion !== undefined) {
      const deleted = await deleteMissing(store, job.collection, seen, work.confirmDeletion, signal)
      records.noteDeleted(job.id, job.deleted + deleted)
    }
  } finally {
    seen.close()
    await prepared.close()
  }
}

async function importAll(job: Job, prepared: PreparedImport, seen: SeenIds, run: ImportRun): Promise<void> {
  const { records, resumed, store } = run
  const checkpoint = readCheckpoint(records.checkpointOf(job.id))
  if (
    checkpoint !== null &&
    checkpoint.signature === prepared.catalogue.signature &&
    (await hasItem(store, job.collection, checkpoint.lastId))
  ) {
    try {
      await importFrom(checkpoint, job, prepared, seen, run)
      return
    } catch (thrown) {
      if (!(thrown instanceof SourceChanged)) throw thrown
      seen.clear()
    }
  }
  records.reset(job.id)
  const fresh = records.get(job.id)
  if (resumed && checkpoint !== null) run.tell({ job: fresh, errors: [], startedOver: true })
  await importFrom(null, fresh, prepared, seen, run)
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
  { records, resumed, signal, tell }: ImportRun,
): Promise<void> {
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
    records.note(job.id, {
      counts: sum(before, counts),
      ratePerSecond,
      etaSeconds: secondsLeft(catalogue.share(), sum(before, counts).total, ratePerSecond),
      checkpoint: writeCheckpoint({ position, signature: catalogue.signature, lastId }),
      errors: told,
    })
    tell({ job: records.get(job.id), errors: told, startedOver: false })
  }
  try {
    const { complete } = await importCatalogue(catalogue, target, {
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
