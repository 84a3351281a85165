import type { Job } from '../state/session.js'
import { count, counted } from './numbers.js'
import { duration } from './times.js'

const kinds: Readonly<Record<Job['kind'], string>> = {
  import: 'Bringing in',
  'dry-import': 'Trying',
  delete: 'Deleting',
  restore: 'Restoring',
  duplicates: 'Looking for duplicates',
  reindex: 'Changing the model',
}

const states: Readonly<Record<Job['state'], string>> = {
  queued: 'Waiting for its turn',
  running: 'Under way',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Stopped',
}

/** What a job does, as a heading. */
export const jobTitle = ({ kind, source }: Job): string =>
  kind === 'duplicates' ? `${kinds[kind]} from ${source}` : `${kinds[kind]} ${source}`.trim()

export const stateWords = ({ state }: Pick<Job, 'state'>): string => states[state]

export const isOver = ({ state }: Pick<Job, 'state'>): boolean => state !== 'queued' && state !== 'running'

/** How far a job is. */
export function jobCounts({ kind, counts, deleted, ratePerSecond, etaSeconds, state }: Job): string {
  const { total, embedded, unchanged, failed } = counts
  const parts = [
    kind === 'import' || kind === 'dry-import'
      ? `${counted(total, 'row')}: ${count(embedded)} new, ${count(unchanged)} as before, ${count(failed)} failed`
      : counted(total, 'item'),
    ...(deleted > 0 ? [`${count(deleted)} ${kind === 'dry-import' ? 'would be ' : ''}deleted`] : []),
  ]
  if (state === 'running') {
    if (ratePerSecond !== null) parts.push(`${count(Math.round(ratePerSecond))} a second`)
    if (etaSeconds !== null) parts.push(`${duration(etaSeconds)} left`)
  }
  return parts.join(' · ')
}

/** @returns 0 to 1, or null where it cannot be told */
export function jobShare({ counts, ratePerSecond, etaSeconds, state }: Job): number | null {
  if (state === 'done') return 1
  if (ratePerSecond === null || etaSeconds === null) return null
  const left = ratePerSecond * etaSeconds
  return counts.total + left === 0 ? null : counts.total / (counts.total + left)
}
