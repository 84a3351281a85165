import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { FeatureStore } from './features.js'
import { settingsOfSeed, workOf } from './run-settings.js'
import { checkSeeds } from './seeds.js'
import type { TrainSettings } from './settings.js'
import { summarise, type Summary } from './t-interval.js'
import { train, type TrainOptions, type TrainResult } from './train.js'

type FigureName = 'recallAt1' | 'mapAtR' | 'rPrecision'

export interface SeedRun {
  readonly seed: number
  readonly result: TrainResult
}

export interface SeedsResult {
  readonly runs: readonly SeedRun[]
  /** Validation figures of the best epochs over the seeds; null before every seed is done or without validation. */
  readonly summary: Readonly<Record<FigureName, Summary>> | null
  /** Where it is written as JSON; null before every seed is done. */
  readonly file: string | null
}

/**
 * Trains once for each seed, one after another: same data, same split, other weights, batches and augmentation. Each
 * seed publishes a bundle of its own, OUTPUT-seed-K, and works in a folder of its own. A run of the head alone computes
 * features once for all of them.
 *
 * @param options.onSeed called as each begins
 * @throws KindredError as `train`; INVALID_SETTING for seeds that are not at least two different ones
 */
export async function trainSeeds(
  settings: TrainSettings,
  seeds: readonly number[],
  { onSeed, ...options }: TrainOptions & { onSeed?: (seed: number) => void },
): Promise<SeedsResult> {
  checkSeeds(seeds)
  const features: FeatureStore = options.features ?? new Map<string, Float32Array>()
  const work = workOf(settings)
  const runs: SeedRun[] = []
  for (const seed of seeds) {
    onSeed?.(seed)
    const result = await train(settingsOfSeed(settings, seed), { ...options, features })
    runs.push({ seed, result })
    if (result.bundle === null) return { runs, summary: null, file: null }
  }
  const summary = summariseRuns(runs)
  const file = path.join(work, 'seeds.json')
  await mkdir(work, { recursive: true })
  await writeFile(file, `${JSON.stringify({ settings, runs: runs.map(describe), summary }, null, 2)}\n`)
  return { runs, summary, file }
}

function summariseRuns(runs: readonly SeedRun[]): SeedsResult['summary'] {
  const of = (name: FigureName): Summary | null => {
    const values = runs.flatMap(({ result }) => result.best?.figures?.[name] ?? [])
    return values.length === runs.length ? summarise(values) : null
  }
  const [recallAt1, mapAtR, rPrecision] = [of('recallAt1'), of('mapAtR'), of('rPrecision')]
  return recallAt1 && mapAtR && rPrecision && { recallAt1, mapAtR, rPrecision }
}

const describe = ({ seed, result: { bundle, best, epochsEnded } }: SeedRun): Record<string, unknown> => ({
  seed,
  model: bundle?.model,
  epochsEnded,
  bestEpoch: best?.epoch,
  ...(best?.figures && { figures: best.figures }),
})
