import type { DataLineage } from '../bundles/manifest.js'
import type { LabelledImage } from '../datasets/labelled-set.js'
import type { ResolvedObjective } from '../losses/objective.js'
import { createNetwork } from '../networks/create-network.js'
import type { Checkpoint } from './checkpoint.js'
import { forValidation, loadPictures } from './pictures.js'
import { publishBundle, type Published } from './publish-bundle.js'
import { publicSettings } from './run-settings.js'
import type { TrainSettings } from './settings.js'
import type { StartingPoint } from './starting-point.js'
import { embedPictures, type ValidationFigures } from './validate.js'
import { versions } from './versions.js'

/** Photos on which the export is held against the network that was trained. */
const checkedPictures = 16

/** Publishes the best epoch of a run. @throws KindredError EXPORT_MISMATCH */
export async function publishRun(run: {
  settings: TrainSettings
  name: string
  start: StartingPoint
  best: Checkpoint
  /** Those that were trained on. */
  images: readonly LabelledImage[]
  unreadable: number
  lineage: readonly DataLineage[]
  heldOut: readonly string[]
  validationClasses: readonly string[]
  objective: ResolvedObjective
  work: string
  command: string | undefined
}): Promise<Published> {
  const { settings, name, start, best, work } = run
  const { epoch, figures } = best.state.best ?? { epoch: settings.epochs, figures: null }
  const network = createNetwork(start.architecture, { seed: settings.seed, weights: best.network })
  try {
    const stride = Math.max(1, Math.floor(run.images.length / checkedPictures))
    const sample = run.images.filter((_, index) => index % stride === 0).slice(0, checkedPictures)
    const pictures = await loadPictures(sample, forValidation(start.transform), {
      maxBytes: Infinity,
      unreadableShare: 0,
    })
    const embeddings = await embedPictures(network, pictures, start.transform)
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
