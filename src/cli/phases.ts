import { startProgress, type Progress } from './progress.js'

export interface Phases<Phase extends string> {
  readonly update: (phase: Phase, done: number, total: number) => void
  readonly stop: () => void
}

/** One bar after the other, each by the name of its phase. */
export function startPhases<Phase extends string>(quiet: boolean): Phases<Phase> {
  let current: { phase: Phase; progress: Progress } | undefined
  return {
    update: (phase, done, total) => {
      if (current?.phase !== phase) {
        current?.progress.stop()
        current = { phase, progress: startProgress(phase, total, quiet) }
      }
      current.progress.update(done)
    },
    stop: () => {
      current?.progress.stop()
      current = undefined
    },
  }
}
