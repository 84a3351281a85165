import type { TrainProgress } from '../training/progress.js'
import { startProgress, type Progress } from './progress.js'

type Phase = TrainProgress['phase']

/** Draws what a training run tells: one bar for loading, one for the steps, one for each validation. */
export function showTraining(quiet: boolean): {
  readonly update: (progress: TrainProgress) => void
  readonly stop: () => void
} {
  let current: { phase: Phase; bar: Progress } | undefined
  const stop = (): void => {
    current?.bar.stop()
    current = undefined
  }
  return {
    stop,
    update(progress) {
      const { phase } = progress
      const [done, total] =
        phase === 'training' ? [progress.step, progress.steps] : [progress.done, progress.total]
      if (current?.phase !== phase) {
        stop()
        current = { phase, bar: startProgress(phase, total, quiet) }
      }
      current.bar.update(done, phase === 'training' ? noteOf(progress) : '')
      if (phase !== 'training' && done === total) stop()
    },
  }
}

function noteOf(progress: Extract<TrainProgress, { phase: 'training' }>): string {
  const { epoch, epochs, loss, parts, imagesPerSecond, waitShare } = progress
  const shares = Object.entries(parts).map(([name, part]) => `${name} ${part.toFixed(3)}`)
  const ofParts = shares.length > 1 ? ` (${shares.join(', ')})` : ''
  const waiting = `${(100 * waitShare).toFixed(0)} % waiting`
  return `epoch ${epoch}/${epochs}, loss ${loss.toFixed(3)}${ofParts}, ${imagesPerSecond.toFixed(0)} images/s, ${waiting}`
}
