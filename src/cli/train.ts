import { Command, InvalidArgumentError, Option } from 'commander'
import { settings as programSettings } from '../config.js'
import { createLogger } from '../log.js'
import { showProgress } from '../tensors/setup/progress.js'
import { setUpTensorflow } from '../tensors/setup/set-up.js'
import { parseTrainSettings } from '../training/settings.js'
import type { TrainResult } from '../training/train.js'
import { collect, exitCode, numberWithin, wholeNumber } from './exit.js'
import { untilInterrupted } from './interrupt.js'
import { readTrainConfig, type TrainFlags } from './train-config.js'
import { showTraining } from './training-progress.js'

interface Flags extends TrainFlags {
  readonly config?: string
  readonly resume?: true
  readonly json?: true
}

/** `kindred train`: learns an embedding from labelled pictures and writes a model bundle. */
export function trainCommand(): Command {
  const command = new Command('train')
    .description('Learn an embedding from labelled pictures and write a model bundle.')
    .option(
      '--data <set>',
      'labelled set: a folder of one folder per class, or a CSV; may be repeated',
      collect,
    )
    .option('--output <folder>', 'bundle to write, such as models/mine')
    .option('--config <file>', 'settings of the run, YAML or JSON; flags win over it')
    .option('--init <bundle|file>', 'where to start: a bundle, a .safetensors file, or random')
    .option('--loss <name>', 'loss')
    .option('--dimensions <n>', 'width of the embedding', wholeNumber(2, 4096))
    .option('--size <pixels>', 'side of the square input', wholeNumber(16, 1024))
    .option('--epochs <n>', 'passes over the pictures', wholeNumber(1))
    .option('--batch <classes>x<images>', 'classes in a batch, and pictures of each', parseBatch)
    .option('--learning-rate <x>', 'highest rate of the backbone', numberWithin(0, 1))
    .option('--seed <n>', 'of everything random', wholeNumber(0, 2 ** 32 - 1))
    .option('--held-out <file>', 'classes, one a line, kept out of training and validation')
    .option('--resume', 'go on from the last checkpoint of the same run')
    .option('--json', 'print the result as one JSON object')
    .addOption(new Option('--format <format>', 'layout of each --data').choices(['auto', 'folder', 'csv']))
    .option('--label-column <name>', 'column of a CSV that holds the class')
    .option('--classes <range|file>', 'only these classes')
    .option('--exclude-labels <a,b>', 'classes left out')
    .option('--split <name>', 'only rows whose column split is this')
  return command
    .addHelpText(
      'after',
      '\nExample:\n  kindred train --data photos/ --output models/mine --epochs 10\n' +
        '  (photos/ has one folder per class; then: kindred serve --model models/mine)',
    )
    .action(async (flags: Flags) => {
      const { config, resume, json, ...rest } = flags
      const raw = readTrainConfig(config, rest, {
        KINDRED_DATA: programSettings.data.default,
        ...process.env,
      })
      const settings = parseTrainSettings(raw)
      const quiet = json === true
      // Only now, and before anything that imports TensorFlow: a first run builds it.
      await setUpTensorflow({ onProgress: quiet ? () => undefined : showProgress(process.stderr) })
      const { train } = await import('../training/train.js')
      const show = showTraining(quiet)
      const { result } = await untilInterrupted((signal) =>
        train(settings, {
          logger: createLogger('warn'),
          onProgress: show.update,
          signal,
          resume: resume === true,
          command: `kindred ${process.argv.slice(2).join(' ')}`,
        }),
      ).finally(show.stop)
      report(result, quiet)
      if (result.bundle === null) process.exitCode = exitCode.interrupted
    })
}

function report({ bundle, best, work, stepsDone, unreadable }: TrainResult, json: boolean): void {
  if (json) {
    const answer = { model: bundle?.model ?? null, folder: bundle?.folder ?? null, best, work, stepsDone }
    process.stdout.write(`${JSON.stringify({ ...answer, unreadable: unreadable.length })}\n`)
    return
  }
  if (bundle === null) {
    process.stdout.write(
      `stopped after ${stepsDone} steps; the same command with --resume goes on from ${work}\n`,
    )
    return
  }
  process.stdout.write(`${bundle.model} is in ${bundle.folder}; log and checkpoints are in ${work}\n`)
  if (best?.figures != null) {
    const { recallAt1, mapAtR } = best.figures
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
    process.stdout.write(
      `best epoch ${best.epoch}: Recall@1 ${percent(recallAt1)}, MAP@R ${percent(mapAtR)} on classes it never saw\n`,
    )
  }
}

function parseBatch(text: string): { classes: number; images: number } {
  const [, classes, images] = /^(\d+)x(\d+)$/.exec(text) ?? []
  if (classes === undefined || images === undefined)
    throw new InvalidArgumentError('expected CLASSESxIMAGES, such as 28x4')
  return { classes: Number(classes), images: Number(images) }
}
