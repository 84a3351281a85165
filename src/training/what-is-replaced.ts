import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { manifestFile } from '../bundles/bundle.js'
import { expected } from '../errors.js'
import type { Logger } from '../log.js'
import { readCheckpoint } from './checkpoint.js'
import { endOf } from './run-progress.js'
import type { TrainSettings } from './settings.js'

/**
 * Warns of what the output of a run takes the place of. A bundle that is there stays until the new one is written.
 *
 * @throws KindredError INVALID_SETTING where the folder holds something else, which is not replaced
 */
export async function warnOfBundle({ output }: Pick<TrainSettings, 'output'>, logger: Logger): Promise<void> {
  if (existsSync(path.join(output, manifestFile))) {
    logger.warn({ output }, `the bundle in ${output} will be replaced once this run has written its own`)
    return
  }
  const entries = existsSync(output) ? await readdir(output).catch(() => ['a file']) : []
  if (entries.length > 0)
    throw expected('a new folder or a model bundle to replace', 'output', output, 'INVALID_SETTING')
}

/**
 * Warns of a run that was stopped and is now begun anew.
 *
 * @param options.checkpoint where its last checkpoint would lie
 * @param options.publish whether runs here end with a bundle at the output
 */
export async function warnOfUnfinishedRun(
  { output }: Pick<TrainSettings, 'output'>,
  { checkpoint, publish, logger }: { checkpoint: string; publish: boolean; logger: Logger },
): Promise<void> {
  // One that cannot be read is nothing to go on with.
  const earlier = existsSync(checkpoint) ? await readCheckpoint(checkpoint).catch(() => null) : null
  if (earlier === null) return
  const { state, settings } = earlier
  // Written by a run, so they are a run's settings.
  const ended = endOf(state, settings as Pick<TrainSettings, 'epochs' | 'validation'>) !== null
  if (ended && !(publish && !existsSync(path.join(output, manifestFile)))) return
  logger.warn(
    { checkpoint, step: state.step },
    `the unfinished run of ${checkpoint} (${state.step} steps) will be replaced; --resume goes on with it instead`,
  )
}
