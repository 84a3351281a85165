import { KindredError } from '../../errors.js'
import type { CollectionStore } from '../collection-store.js'
import type { JobWork } from './job-work.js'

export interface RestoreRequest {
  /** Whose snapshot it is. */
  readonly of: string
  readonly snapshot: string
}

/**
 * Puts a snapshot in the place of the job's collection. A restore that was begun is not begun again: it may have been done,
 * and once more it would push what was there before out of its place as the previous one.
 */
export const restoreJob = (store: CollectionStore, { of, snapshot }: RestoreRequest): JobWork => ({
  async run({ job, signal, checkpoint, report }) {
    if (checkpoint !== null) {
      throw new KindredError(
        'INTERRUPTED',
        `The process ended during the restore; ${job.collection} is as it was before or as it is in ${snapshot}`,
      )
    }
    signal.throwIfAborted()
    report({ checkpoint: 'begun' })
    const { counts } = await store.snapshots.restore(of, snapshot, job.collection)
    report({ counts: { ...job.counts, total: counts.items } })
  },
})
