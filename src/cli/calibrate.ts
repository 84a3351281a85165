import { Command } from 'commander'
import type { Calibration } from '../bundles/calibration.js'
import { loadBundle } from '../bundles/load-bundle.js'
import { writeCalibration } from '../bundles/write-calibration.js'
import { KindredError } from '../errors.js'
import { calibrate } from '../evaluation/calibrate.js'
import { embedSides } from '../evaluation/embed-sides.js'
import { testRows } from '../evaluation/evaluate.js'
import { imageLimitsFrom } from '../images/limits.js'
import { wholeNumber } from './exit.js'
import { untilInterrupted } from './interrupt.js'
import { embeddingSettings, withEmbedder } from './open-embedder.js'
import { startProgress } from './progress.js'
import { reportSkipped } from './report-skipped.js'
import {
  addGalleryOptions,
  addSetOptions,
  readGalleryWith,
  readSetWith,
  type GalleryFlags,
} from './set-options.js'
import { addSettings, configOf } from './setting-options.js'

interface Flags extends GalleryFlags {
  readonly model: string
  readonly data: string
  readonly neighbours: number
  readonly seed: number
  readonly dryRun?: true
  readonly json?: true
}

/** `kindred calibrate`: what a model's scores mean for a labelled catalogue, kept in its bundle. */
export function calibrateCommand(): Command {
  const command = new Command('calibrate')
    .description(
      "Find what a model's scores mean for a labelled catalogue of yours, and keep it in the bundle: search answers " +
        'then carry a probability. Embeddings and the fingerprint stay as they are.',
    )
    .requiredOption('--model <folder>', 'model bundle to calibrate; its model.json is rewritten')
    .requiredOption('--data <set>', 'labelled set with classes that the model was not trained on')
    .option('--neighbours <n>', 'answers of each query that count', wholeNumber(1), 20)
    .option('--seed <n>', 'of the halving of the classes', wholeNumber(0), 0)
    .option('--dry-run', 'print the calibration and keep the bundle as it is')
    .option('--json', 'print one JSON object')
  addGalleryOptions(addSetOptions(command))
  addSettings(command, embeddingSettings)
  return command
    .addHelpText('after', '\nExample:\n  kindred calibrate --model models/mine --data catalogue/')
    .action(async (flags: Flags) => {
      const config = configOf(command)
      const bundle = await loadBundle(flags.model)
      const set = await readSetWith(flags.data, flags)
      const queries = flags.split === undefined ? testRows(set) : set
      const gallery = await readGalleryWith(flags)
      const { result } = await untilInterrupted(async (signal) => {
        const total = queries.images.length + (gallery?.images.length ?? 0)
        const progress = startProgress('embedding', total, flags.json)
        const sides = await withEmbedder(bundle, config, (embedder) =>
          embedSides(embedder, queries, {
            ...(gallery && { gallery }),
            limits: imageLimitsFrom(config),
            onProgress: (done) => {
              progress.update(done)
            },
            signal,
          }),
        ).finally(progress.stop)
        const calibration = await calibrate(sides.queries, {
          data: queries.name,
          ...(sides.gallery && { gallery: sides.gallery }),
          seed: flags.seed,
          neighbours: flags.neighbours,
          signal,
        })
        return { calibration, failures: sides.failures }
      })
      const { calibration, failures } = result
      const written = flags.dryRun ? bundle : await writeCalibration(bundle, calibration)
      if (written.model !== bundle.model) throw new KindredError('INTERNAL', 'The fingerprint changed')
      process.stdout.write(
        flags.json
          ? `${JSON.stringify({ model: bundle.model, written: flags.dryRun !== true, calibration })}\n`
          : describe(calibration, bundle.model, flags.dryRun === true),
      )
      reportSkipped(failures)
    })
}

function describe(calibration: Calibration, model: string, dryRun: boolean): string {
  const { method, data, gallery, pairs, logLoss, reliability } = calibration
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`.padStart(6)
  return [
    `${model} on ${data}: ${method} calibration, gallery of ${gallery.images} pictures in ${gallery.classes} classes`,
    ` (${gallery.imagesPerClass.toFixed(1)} a class)\n`,
    `  fitted on ${pairs.fitted} pairs, reported on ${pairs.reported} of the other half of the classes\n`,
    `  log loss: isotonic ${logLoss.isotonic.toFixed(4)}, logistic ${logLoss.logistic.toFixed(4)},`,
    ` without the score ${logLoss.constant.toFixed(4)}\n`,
    '  predicted  came true   pairs\n',
    ...reliability.map(
      (bin) => `  ${percent(bin.predicted)}     ${percent(bin.observed)}  ${String(bin.pairs).padStart(8)}\n`,
    ),
    dryRun
      ? 'not written (--dry-run)\n'
      : 'written to its model.json; a running server takes it when it starts anew\n',
  ].join('')
}
