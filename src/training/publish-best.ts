import type { Bundle } from '../bundles/bundle.js'
import { classesOf } from '../datasets/labelled-set.js'
import type { ImageLimits } from '../images/limits.js'
import type { Logger } from '../log.js'
import type { ResolvedObjective } from '../losses/objective.js'
import { calibrateRun } from './calibrate-run.js'
import { readCheckpoint, type RunState } from './checkpoint.js'
import type { Material } from './material.js'
import { publishRun } from './publish-run.js'
import { endOf } from './run-progress.js'
import type { TrainSettings } from './settings.js'
import type { StartingPoint } from './starting-point.js'
import type { TrainingData } from './training-data.js'
import type { TrainingLog } from './training-log.js'

/**
 * Publishes the best epoch of a run that has ended, calibrated on its validation classes, and logs it.
 *
 * @param file the checkpoint of that epoch
 * @throws KindredError EXPORT_MISMATCH; WEIGHTS_INVALID where the checkpoint is damaged
 */
export async function publishBest(
  file: string,
  run: {
    settings: TrainSettings
    name: string
    start: StartingPoint
    objective: ResolvedObjective
    data: TrainingData
    material: Material
    /** As it stands at the end. */
    state: RunState
    limits: ImageLimits
    unreadable: number
    work: string
    command: string | undefined
    log: TrainingLog
    logger: Logger
  },
): Promise<Bundle> {
  const { settings, data, material, state, log, logger } = run
  const best = await readCheckpoint(file)
  const chosen = material.student.twin(best.network)
  const names = data.lineage.map((set) => set.name).join(', ')
  const calibration = await calibrateRun(chosen, material.validation, {
    data: `validation classes of ${names}`,
  }).finally(() => {
    chosen.dispose()
  })
  const { bundle, difference } = await publishRun({
    settings,
    name: run.name,
    start: run.start,
    objective: run.objective,
    work: run.work,
    command: run.command,
    weights: material.whole(best.network),
    best: best.state.best,
    calibration,
    images: material.training.images,
    limits: run.limits,
    unreadable: run.unreadable,
    lineage: data.lineage,
    heldOut: data.heldOut,
    validationClasses: classesOf(data.validation),
  })
  const { model, folder } = bundle
  log.write('published', { model, folder, exportDifference: difference, ended: endOf(state, settings) })
  logger.info({ model, folder, ...state.best }, 'published')
  return bundle
}
