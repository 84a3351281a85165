import { Command, InvalidArgumentError, Option } from 'commander'
import { settings as programSettings } from '../config.js'
import { samplerNames } from '../datasets/create-sampler.js'
import { createLogger } from '../log.js'
import { showProgress } from '../tensors/setup/progress.js'
import { setUpTensorflow } from '../tensors/setup/set-up.js'
import { parseTrainSettings } from '../training/settings.js'
import type { TrainResult } from '../training/train.js'
import { collect, exitCode, numberWithin, wholeNumber } from './exit.js'
import { untilInterrupted } from './interrupt.js'
import { addSetOptions } from './set-options.js'
import { parseOwnedParams, parseParams } from './params-option.js'
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
      'labelled set: a folder of one folder per class or of a published set, or a CSV; may be repeated',
      collect,
    )
    .option('--output <folder>', 'bundle to write, such as models/mine')
    .option('--config <file>', 'settings of the run, YAML or JSON; flags win over it')
    .option('--init <bundle|file>', 'where to start: a bundle, a .safetensors file, or random')
    .option('--loss <name>', 'loss, such as proxy-anchor')
    .option(
      '--loss-params <name=value,...>',
      'its parameters, such as mining=semi-hard,margin=0.2',
      parseParams,
    )
    .option('--distance <name>', 'of contrastive, triplet and margin: euclidean, or ghm:LAMBDA')
    .option('--distance-params <name=value,...>', 'its further parameters: divergence=hellinger', parseParams)
    .option('--regularize <name:weight,...>', 'terms added to the loss, such as lsd:100,ranking:0.23')
    .option(
      '--regularizer-params <owner.name=value,...>',
      'such as lsd.tau=2,ranking.r=0.3',
      parseOwnedParams,
    )
    .option('--dimensions <n>', 'width of the embedding', wholeNumber(2, 4096))
    .option('--size <pixels>', 'side of the square input', wholeNumber(16, 1024))
    .option('--epochs <n>', 'passes over the pictures', wholeNumber(1))
    .option('--batch <classes>x<images>', 'classes in a batch, and pictures of each', parseBatch)
    .option('--learning-rate <x>', 'highest rate of the backbone', numberWithin(0, 1))
    .option('--seed <n>', 'of everything random', wholeNumber(0, 2 ** 32 - 1))
    .option('--held-out <file>', 'classes, one a line, kept out of training and validation')
    .option('--resume', 'go on from the last checkpoint of the same run')
    .option('--json', 'print the result as one JSON object')
    .option('--label-noise <share>', 'share of the training labels made wrong', numberWithin(0, 0.99))
    .addOption(new Option('--sampler <name>', 'how batches are drawn').choices(samplerNames))
  return addSetOptions(command)
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

function report(result: TrainResult, json: boolean): void {
  const { bundle, best, work, stepsDone, unreadable, flippedLabels } = result
  if (json) {
    const answer = { model: bundle?.model ?? null, folder: bundle?.folder ?? null, best, work, stepsDone }
    process.stdout.write(`${JSON.stringify({ ...answer, unreadable: unreadable.length, flippedLabels })}\n`)
    return
  }
  if (flippedLabels > 0) process.stdout.write(`${flippedLabels} training labels were made wrong\n`)
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
