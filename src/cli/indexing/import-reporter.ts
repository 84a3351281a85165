import type { Job } from '../../collections/jobs/job.js'
import type { CatalogueRowError } from '../../datasets/catalogues/catalogue-row.js'
import { startProgress } from '../progress.js'

export interface ImportState {
  readonly done: number
  readonly failed: number
  readonly ratePerSecond: number | null
  readonly etaSeconds: number | null
}

/** Tells a person on standard error how an import comes along. */
export interface ImportReporter {
  readonly progress: (state: ImportState) => void
  /** The progress of a job. */
  readonly job: (job: Pick<Job, 'counts' | 'ratePerSecond' | 'etaSeconds'>) => void
  readonly errors: (errors: readonly CatalogueRowError[]) => void
  readonly stop: () => void
}

export function startReporter(quiet: boolean, title = 'indexing'): ImportReporter {
  const bar = startProgress(title, undefined, quiet)
  const progress = ({ done, failed, ratePerSecond, etaSeconds }: ImportState): void => {
    const notes = [
      ...(ratePerSecond === null ? [] : [`${ratePerSecond.toFixed(ratePerSecond < 10 ? 1 : 0)} rows/s`]),
      ...(etaSeconds === null ? [] : [`${duration(etaSeconds)} left`]),
      ...(failed === 0 ? [] : [`${failed} failed`]),
    ]
    bar.update(done, notes.join(', '))
  }
  return {
    progress,
    job: ({ counts, ratePerSecond, etaSeconds }) => {
      progress({ done: counts.total, failed: counts.failed, ratePerSecond, etaSeconds })
    },
    errors: (errors) => {
      for (const { row, id, code, reason } of errors) {
        process.stderr.write(`row ${row}${id === null ? '' : ` (${id})`}: ${code} ${reason}\n`)
      }
    },
    stop: bar.stop,
  }
}

/** Seconds as a person would say them. */
export function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`
}
