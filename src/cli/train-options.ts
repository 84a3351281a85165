import { InvalidArgumentError, Option, type Command } from 'commander'
import { samplerNames } from '../datasets/create-sampler.js'
import { describeTrainSettings } from '../training/settings.js'
import { collect, numberWithin, wholeNumber } from './exit.js'
import { parseOwnedParams, parseParams } from './params-option.js'

/** The flags of `kindred train`, but for those of a labelled set. */
export function addTrainOptions(command: Command): void {
  // No defaults of commander's: a configuration file may say something else.
  command
    .option(
      '--data <set>',
      'labelled set: a folder of one folder per class or of a published set, or a CSV; may be repeated',
      collect,
    )
    .option('--output <folder>', 'bundle to write, such as models/mine')
    .option('--config <file>', 'settings of the run, YAML or JSON; flags win over it')
    .option(
      '--init <bundle|file|url>',
      withDefault('where to start: a bundle, a .safetensors file or its address, or random', 'init'),
    )
    .option('--loss <name>', withDefault('loss, such as proxy-anchor', 'loss'))
    .option(
      '--loss-params <name=value,...>',
      'its parameters, such as mining=semi-hard,margin=0.2',
      parseParams,
    )
    .option(
      '--distance <name>',
      withDefault('of contrastive, triplet and margin: euclidean, or ghm:LAMBDA', 'distance'),
    )
    .option('--distance-params <name=value,...>', 'its further parameters: divergence=hellinger', parseParams)
    .option(
      '--regularize <name:weight,...>',
      withDefault('terms added to the loss, such as lsd:100,ranking:0.23', 'regularize'),
    )
    .option(
      '--regularizer-params <owner.name=value,...>',
      'such as lsd.tau=2,ranking.r=0.3',
      parseOwnedParams,
    )
    .option('--dimensions <n>', withDefault('width of the embedding', 'dimensions'), wholeNumber(2, 4096))
    .option('--size <pixels>', withDefault('side of the square input', 'input.size'), wholeNumber(16, 1024))
    .option('--epochs <n>', withDefault('passes over the pictures', 'epochs'), wholeNumber(1))
    .option(
      '--batch <classes>x<images>',
      `classes in a batch, and pictures of each (default: 28x${defaultOf('batch.images')}, or all classes where there are fewer)`,
      parseBatch,
    )
    .option(
      '--learning-rate <x>',
      withDefault('highest rate of the backbone', 'learningRate'),
      numberWithin(0, 1),
    )
    .option('--seed <n>', withDefault('of everything random', 'seed'), wholeNumber(0, 2 ** 32 - 1))
    .option('--held-out <file>', 'classes, one a line, kept out of training and validation')
    .option('--resume', 'go on from the last checkpoint of the same run')
    .option('--json', 'print the result as one JSON object')
    .option(
      '--label-noise <share>',
      withDefault('share of the training labels made wrong', 'labelNoise'),
      numberWithin(0, 0.99),
    )
    .addOption(
      new Option('--sampler <name>', withDefault('how batches are drawn', 'sampler')).choices(samplerNames),
    )
    .addOption(
      new Option(
        '--train <what>',
        withDefault('what learns: all, head, or last-N-blocks such as last-3-blocks', 'train'),
      ),
    )
    .option(
      '--views <n>',
      withDefault('views of a picture whose features --train head keeps', 'views'),
      wholeNumber(1, 64),
    )
    .option(
      '--patience <epochs>',
      'end after so many epochs without a better figure (default: off)',
      wholeNumber(1),
    )
    .option('--seeds <a,b,...>', 'train once a seed, and report mean and 95 % interval', parseSeeds)
    .option('--deterministic', 'the same bits each time, on one thread')
    .option('--dry-run', 'print the resolved settings and what the run would cost, and stop')
}

const defaults = new Map(describeTrainSettings().map((setting) => [setting.name, setting.default]))

function defaultOf(setting: string): string {
  const value = defaults.get(setting)
  if (value === null) return 'that of the init'
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : 'none'
}

const withDefault = (description: string, setting: string): string =>
  `${description} (default: ${defaultOf(setting)})`

function parseSeeds(text: string): number[] {
  return text.split(',').map(wholeNumber(0, 2 ** 32 - 1))
}

function parseBatch(text: string): { classes: number; images: number } {
  const [, classes, images] = /^(\d+)x(\d+)$/.exec(text) ?? []
  if (classes === undefined || images === undefined)
    throw new InvalidArgumentError('expected CLASSESxIMAGES, such as 28x4')
  return { classes: Number(classes), images: Number(images) }
}
