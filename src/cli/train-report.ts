import { stringify } from 'yaml'
import type { RunPlan } from '../training/plan-run.js'
import type { TrainSettings } from '../training/settings.js'
import type { Summary } from '../training/t-interval.js'
import type { TrainResult } from '../training/train.js'
import type { SeedsResult } from '../training/train-seeds.js'
import { percent } from './percent.js'

/** What a finished or stopped run says on standard output. */
export function describeRun(result: TrainResult): string {
  const { bundle, best, work, stepsDone, flippedLabels } = result
  const noise = flippedLabels > 0 ? `${flippedLabels} training labels were made wrong\n` : ''
  if (bundle === null) {
    return `${noise}stopped after ${stepsDone} steps; the same command with --resume goes on from ${work}\n`
  }
  const published = `${bundle.model} is in ${bundle.folder}; log and checkpoints are in ${work}\n`
  if (best?.figures == null) return noise + published
  const { recallAt1, mapAtR } = best.figures
  return `${noise}${published}best epoch ${best.epoch}: Recall@1 ${percent(recallAt1)}, MAP@R ${percent(mapAtR)} on classes it never saw\n`
}

/** The same as one value for `--json`. */
export function runAsJson(result: TrainResult): Record<string, unknown> {
  const { bundle, best, work, stepsDone, unreadable, flippedLabels } = result
  return {
    model: bundle?.model ?? null,
    folder: bundle?.folder ?? null,
    best,
    work,
    stepsDone,
    unreadable: unreadable.length,
    flippedLabels,
  }
}

/** What `--seeds` says once every seed is done, or was stopped. */
export function describeSeeds({ runs, summary, file }: SeedsResult): string {
  const lines = runs.map(({ seed, result }) => `seed ${seed}: ${describeRun(result)}`)
  if (file !== null) lines.push(`summary in ${file}\n`)
  if (summary !== null) {
    const line = (name: string, { mean, standardDeviation, interval: [low, high] }: Summary): string =>
      `${name} ${percent(mean)}, standard deviation ${percent(standardDeviation)}, 95 % interval ${percent(low)} to ${percent(high)}\n`
    lines.push(
      `best epochs of ${runs.length} seeds on classes they never saw:\n`,
      line('  Recall@1', summary.recallAt1),
      line('  MAP@R', summary.mapAtR),
      line('  R-precision', summary.rPrecision),
    )
  }
  return lines.join('')
}

/** The settings as a configuration file; what the run would do and cost stands in its comments. */
export function describePlan(settings: TrainSettings, plan: RunPlan): string {
  const { architecture, memory, time } = plan
  const everySeed = plan.runs > 1 ? `, for each of ${plan.runs} seeds` : ''
  const inFile = memory.fileBytes > 0 ? `; ${size(memory.fileBytes)} in the file of cache.file` : ''
  const facts = [
    `network: ${architecture.backbone}, from ${plan.init}; ${plan.parameters} values learn (train: ${settings.train})`,
    `training: ${plan.images} pictures of ${plan.classes} classes`,
    `validation: ${plan.validationImages} pictures of ${plan.validationClasses} classes`,
    `steps: ${plan.steps} of ${plan.batchSize} pictures, ${plan.stepsPerEpoch} an epoch${everySeed}`,
    `memory: about ${size(memory.stepBytes)} for program and steps, ${size(memory.cacheBytes)} for what is cached${inFile}`,
    `time: about ${duration(time.totalSeconds)}${plan.runs > 1 ? ' for all seeds' : ''}, without decoding; a step took ${time.stepSeconds.toFixed(3)} s on random examples`,
  ]
  return `${facts.map((fact) => `# ${fact}\n`).join('')}${stringify(settings)}`
}

const size = (bytes: number): string =>
  bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`

function duration(seconds: number): string {
  const minutes = Math.ceil(seconds / 60)
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
