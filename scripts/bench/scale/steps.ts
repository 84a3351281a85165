import { deleteItems } from './delete-items.js'
import { engineWork } from './engine-work.js'
import { loadItems } from './load-items.js'
import { makeSource } from './make-source.js'
import { reopen } from './reopen.js'
import { readQueries } from './scale-folder.js'
import type { ScaleSettings } from './scale-settings.js'
import { restoreSnapshot, takeSnapshot } from './snapshots.js'
import { writeBeside } from './write-beside.js'

/** What is measured of a large collection, each in a process of its own: its memory is its own, and a start is a start. */
export const steps = {
  make: makeSource,
  load: loadItems,
  build: (settings: ScaleSettings) => engineWork(settings, readQueries(settings)),
  reopen,
  write: writeBeside,
  delete: deleteItems,
  // A tenth would not do by itself: half as many deleted points as others would.
  compact: (settings: ScaleSettings) => engineWork(settings, readQueries(settings), { compactAt: 0.05 }),
  reopenCompacted: reopen,
  snapshot: takeSnapshot,
  restore: restoreSnapshot,
} as const

export type StepName = keyof typeof steps

/** What a step measured; the most memory that its process had, in bytes; its time on any core, in seconds. */
export type StepFigures<Name extends StepName> = Awaited<ReturnType<(typeof steps)[Name]>> & {
  readonly peakMemory: number
  readonly processor: number
}
