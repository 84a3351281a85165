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
  readonly errors: (errors: readonly CatalogueRowError[]) => void
  readonly stop: () => void
}

export function startReporter(quiet: boolean, title = 'indexing'): ImportReporter {
  const progress = startProgress(title, undefined, quiet)
  return {
    progress: ({ done, failed, ratePerSecond, etaSeconds }) => {
      const notes = [
        ...(ratePerSecond === null ? [] : [`${ratePerSecond.toFixed(ratePerSecond < 10 ? 1 : 0)} rows/s`]),
        ...(etaSeconds === null ? [] : [`${duration(etaSeconds)} left`]),
        ...(failed === 0 ? [] : [`${failed} failed`]),
      ]
      progress.update(done, notes.join(', '))
    },
    errors: (errors) => {
      for (const { row, id, code, reason } of errors) {
        process.stderr.write(`row ${row}${id === null ? '' : ` (${id})`}: ${code} ${reason}\n`)
      }
    },
    stop: progress.stop,
  }
}

/** Seconds as a person would say them. */
export function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`
}
