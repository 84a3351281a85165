import type { Embedder } from '../../embedding/embedder.js'
import type { CollectionStore } from '../collection-store.js'
import { reindexCollection, type ReindexOptions, type ReindexResult } from '../reindex/reindex-collection.js'
import type { JobWork } from './job-work.js'
import { RecentRate } from './recent-rate.js'

export interface ReindexJob extends Pick<ReindexOptions, 'limits' | 'decoder' | 'maxMissing'> {
  readonly embedder: (signal: AbortSignal) => Promise<Embedder>
  readonly onDone?: (result: ReindexResult) => void
}

/** Embeds a collection with another model, whose name is the job's source. */
export const reindexJob = (
  store: CollectionStore,
  { embedder, onDone, ...options }: ReindexJob,
): JobWork => ({
  async run({ job, resumed, signal, checkpoint, report, startOver }) {
    const rate = new RecentRate(performance.now())
    let before = job.counts
    const result = await reindexCollection(store, job.collection, await embedder(signal), {
      ...options,
      signal,
      from: resumed ? { checkpoint, counts: job.counts } : undefined,
      onStartOver: () => {
        before = startOver().counts
      },
      report: ({ items, ...progress }) => {
        const ratePerSecond = rate.note(performance.now(), progress.counts.total - before.total)
        const left = Math.max(0, items - progress.counts.total)
        const etaSeconds = ratePerSecond !== null && ratePerSecond > 0 ? left / ratePerSecond : null
        report({ ...progress, ratePerSecond, etaSeconds })
      },
    })
    onDone?.(result)
  },
})
