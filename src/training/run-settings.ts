import path from 'node:path'
import { isBundleName } from '../bundles/names.js'
import { expected, KindredError } from '../errors.js'
import type { TrainSettings } from './settings.js'

/** Name of the bundle: the last part of `output`. @throws KindredError INVALID_SETTING */
export function bundleNameOf({ output }: Pick<TrainSettings, 'output'>): string {
  const name = path.basename(path.resolve(output))
  if (!isBundleName(name)) {
    throw expected(
      'a folder whose last part is like [a-z0-9][a-z0-9_-]{0,62}',
      'output',
      output,
      'INVALID_SETTING',
    )
  }
  return name
}

/** Folder of checkpoints and log. @throws KindredError INVALID_SETTING */
export const workOf = (settings: Pick<TrainSettings, 'output' | 'work'>): string =>
  settings.work ?? path.join('runs', bundleNameOf(settings))

/** The settings of one of several seeds: its bundle is OUTPUT-seed-K, and it works in a folder of its own. */
export function settingsOfSeed(settings: TrainSettings, seed: number): TrainSettings {
  const output = path.normalize(settings.output).replace(/[/\\]$/, '')
  const work = path.join(workOf(settings), `seed-${seed}`)
  return { ...settings, seed, output: `${output}-seed-${seed}`, work }
}

/** Settings that say where things lie or how fast they go, and not what is learned. */
const free = [
  'output',
  'work',
  'description',
  'licence',
  'notices',
  'initMaxBytes',
  'initTimeout',
  'batchesAhead',
  'checkpointEverySteps',
  'logEverySteps',
]

/**
 * Checks that a run goes on with what it was begun with.
 *
 * @param before settings as the checkpoint holds them
 * @throws KindredError INVALID_SETTING that names those that differ
 */
export function checkSameRun(before: Readonly<Record<string, unknown>>, now: TrainSettings): void {
  const differing = Object.entries(now).filter(
    ([name, value]) => !free.includes(name) && decisive(name, before[name]) !== decisive(name, value),
  )
  if (differing.length === 0) return
  const names = differing.map(([name]) => name).join(', ')
  throw new KindredError('INVALID_SETTING', `The run to resume was begun with other settings: ${names}`, {
    hint: 'Give the same settings, or begin anew without --resume.',
  })
}

/** A setting as text, without the part that does not decide what is learned: where pictures are kept, and how many. */
const decisive = (name: string, value: unknown): string | undefined =>
  JSON.stringify(
    name === 'cache' && typeof value === 'object' && value !== null && 'shorterSide' in value
      ? value.shorterSide
      : value,
  )

/**
 * The settings as a bundle records them: everything but where things lay on the machine that trained it.
 *
 * @param names of the sets, in the order of `settings.data`
 */
export function publicSettings(settings: TrainSettings, names: readonly string[]): Record<string, unknown> {
  const { data, cache, ...rest } = settings
  const kept = Object.entries(rest).filter(([name]) => !['output', 'work', 'init'].includes(name))
  return {
    ...Object.fromEntries(kept),
    cache: { ...cache, file: null },
    data: data.map(({ path: location, heldOutLabelsFile, ...set }, index) => ({
      ...set,
      name: names[index] ?? path.basename(location),
      heldOutLabelsFile: heldOutLabelsFile && path.basename(heldOutLabelsFile),
    })),
  }
}
