import type { Calibration } from '../bundles/calibration.js'
import type { DataLineage } from '../bundles/manifest.js'
import type { LabelledImage } from '../datasets/labelled-set.js'
import type { ImageLimits } from '../images/limits.js'
import type { ResolvedObjective } from '../losses/objective.js'
import { createNetwork } from '../networks/create-network.js'
import type { TensorMap } from '../networks/tensor-map.js'
import { createMemoryCache } from './cache/memory-cache.js'
import type { RunState } from './checkpoint.js'
import { embedExamples } from './embed-examples.js'
import { pictureExamples } from './picture-examples.js'
import { forValidation, loadPictures } from './pictures.js'
import { publishBundle, type Published } from './publish-bundle.js'
import { publicSettings } from './run-settings.js'
import type { TrainSettings } from './settings.js'
import type { StartingPoint } from './starting-point.js'
import { pictureStudent } from './student.js'
import type { ValidationFigures } from './validate.js'
import { versions } from './versions.js'

/** Photos on which the export is held against the network that was trained. */
const checkedPictures = 16

/** Publishes the best epoch of a run. @throws KindredError EXPORT_MISMATCH */
export async function publishRun(run: {
  settings: TrainSettings
  name: string
  start: StartingPoint
  /** Of the whole network. */
  weights: TensorMap
  /** The epoch that was chosen. */
  best: RunState['best']
  /** null where there was too little to find it on. */
  calibration: Calibration | null
  /** Those that were trained on. */
  images: readonly LabelledImage[]
  /** Those that the images were held to. */
  limits: ImageLimits
  unreadable: number
  lineage: readonly DataLineage[]
  heldOut: readonly string[]
  validationClasses: readonly string[]
  objective: ResolvedObjective
  work: string
  command: string | undefined
}): Promise<Published> {
  const { settings, name, start, work, weights, calibration } = run
  const { epoch, figures } = run.best ?? { epoch: settings.epochs, figures: null }
  const network = createNetwork(start.architecture, { seed: settings.seed, weights })
  try {
    const different = [...new Set(run.images)]
    const stride = Math.max(1, Math.floor(different.length / checkedPictures))
    const sample = different.filter((_, index) => index % stride === 0).slice(0, checkedPictures)
    const pictures = await loadPictures(sample, forValidation(start.transform, run.limits), {
      cache: createMemoryCache(Infinity),
      unreadableShare: 0,
    })
    const transform = { ...start.transform, layout: 'nhwc' } as const
    const examples = pictureExamples(pictures, { ...settings, transform })
    const embeddings = await embedExamples(pictureStudent(network, transform), examples)
    return await publishBundle({
      folder: settings.output,
      work,
      network,
      about: {
        name,
        description: settings.description,
        createdAt: new Date().toISOString(),
        input: start.transform,
        training: {
          settings: publicSettings(
            settings,
            run.lineage.map((set) => set.name),
          ),
          init: start.name,
          objective: run.objective,
          epoch,
          images: run.images.length,
          unreadable: run.unreadable,
          validationClasses: run.validationClasses,
          command: run.command ?? null,
          versions: versions(),
        },
        data: run.lineage,
        metrics: figures === null ? {} : metricsOf(figures),
        heldOut: run.heldOut,
        ...(calibration && { calibration }),
        licence: { spdx: settings.licence, notices: [...start.notices, ...settings.notices] },
      },
      card: { command: run.command, init: start.name, epoch, epochs: settings.epochs, figures },
      check: { pictures: await Promise.all(sample.map((_, index) => pictures.read(index))), embeddings },
    })
  } finally {
    network.dispose()
  }
}

const metricsOf = (figures: ValidationFigures): Record<string, number> => ({
  'validation.recall@1': figures.recallAt1,
  'validation.map@r': figures.mapAtR,
  'validation.r-precision': figures.rPrecision,
})
