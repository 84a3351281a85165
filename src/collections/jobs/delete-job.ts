import type { CollectionStore } from '../collection-store.js'
import type { Filter } from '../filter/filter.js'
import type { JobWork } from './job-work.js'
import { RecentRate } from './recent-rate.js'

export interface DeleteRequest {
  readonly filter: Filter
  /** See `CollectionStore.deleteMatching`. */
  readonly all: boolean
}

/** Deletes what matches a filter. Gone on with, it deletes what matches still. */
export const deleteJob = (store: CollectionStore, { filter, all }: DeleteRequest): JobWork => ({
  async run({ job, signal, report }) {
    const rate = new RecentRate(performance.now())
    await store.deleteMatching(job.collection, filter, {
      all,
      signal,
      onDeleted(count) {
        const total = job.deleted + count
        report({
          counts: { ...job.counts, total },
          deleted: total,
          ratePerSecond: rate.note(performance.now(), count),
        })
      },
    })
  },
})
