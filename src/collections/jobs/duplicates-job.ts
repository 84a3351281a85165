import type { CollectionStore } from '../collection-store.js'
import type { JobWork } from './job-work.js'
import { RecentRate } from './recent-rate.js'

export interface DuplicatesRequest {
  /** Cosine similarity from which two items count as duplicates. */
  readonly threshold: number
}

/** How often progress is written, in milliseconds. */
const noteEveryMs = 200

/** Finds groups of items that look the same; they are the job's result. Gone on with, it starts over. */
export const duplicatesJob = (
  store: CollectionStore,
  { threshold }: DuplicatesRequest,
  /** Most items in groups. */
  most: number,
): JobWork => ({
  async run({ job, signal, report, startOver }) {
    startOver()
    const { counts } = await store.getCollection(job.collection)
    const rate = new RecentRate(performance.now())
    let noted = -Infinity
    let looked = 0
    const groups = await store.findDuplicates(job.collection, {
      threshold,
      most,
      signal,
      onLooked(items) {
        looked = items
        const now = performance.now()
        if (now - noted < noteEveryMs) return
        noted = now
        const ratePerSecond = rate.note(now, items)
        report({
          counts: { ...job.counts, total: items },
          ratePerSecond,
          etaSeconds: ratePerSecond ? Math.max(0, counts.items - items) / ratePerSecond : null,
        })
      },
    })
    report({ counts: { ...job.counts, total: looked }, results: groups })
  },
})
