import { samplerNames } from '../datasets/create-sampler.js'
import { boxUses, setFormats, splitSources } from '../datasets/read-set.js'
import { trainForm } from './learning-layers.js'
import {
  choice,
  countsByName,
  flag,
  group,
  list,
  number,
  paramsByName,
  paramsByOwner,
  pattern,
  requiredText,
  text,
  texts,
  weightsByName,
  whole,
} from './setting-fields.js'
import type { Field, Parsed } from './setting-fields.js'

const GiB = 1024 ** 3

/** One labelled set; labels of different sets are kept apart, even where they share a name. */
const dataFields = group('A labelled set to learn from.', {
  path: requiredText('Folder of one folder per class or of a published set as it unpacks, or a CSV file.'),
  name: text('Name in the log and on the card; by default that of the folder.', null),
  format: choice('Layout of the set; auto tells by what lies at the path.', 'auto', setFormats),
  labelColumn: text('Column of the CSV that holds the label.', null),
  splitBy: choice(
    'Where splits come from: as the set states them, or the first half of its classes for train and the rest for test; auto does for published sets what papers on metric learning do.',
    'auto',
    splitSources,
  ),
  split: text(
    'Only the pictures of this split, or of these: train,val; by default those of train where the set has any, else all.',
    null,
  ),
  boxes: choice(
    'Whether pictures are cropped to the boxes that the set gives; auto does so for a CSV and not for published sets, as published figures are without.',
    'auto',
    boxUses,
  ),
  classes: text('Only these: ranges like 0-49, or a file with one label a line; by default all.', null),
  excludeLabels: texts('Labels left out because they mean nothing ("Other").', []),
  heldOutLabels: texts(
    'Labels kept out of training and validation to measure on later; the bundle lists them.',
    [],
  ),
  heldOutLabelsFile: text('Text file of further held-out labels, one a line.', null),
  licence: text('Licence of the pictures (SPDX identifier where there is one), for the card.', 'unknown'),
})

/** Every setting of a training run on a line of its own: default and reason. */
const trainFields = group('A training run.', {
  // What goes in and comes out.
  data: list('The labelled sets to learn from.', dataFields, 1),
  labelNoise: number(
    'Share of the training labels made wrong, each other class equally likely, to study what noise does.',
    0,
    [0, 0.99],
  ),
  repeat: countsByName(
    'How often the training pictures of a split count in an epoch, such as iconic: 8 where a class has many photos and one catalogue picture, and both must meet in a batch.',
  ),
  output: requiredText('Folder of the bundle to write, such as models/mine; its last part is the name.'),
  work: text('Folder of checkpoints and log; by default runs/NAME.', null),
  description: text('One sentence about the model, for its card.', 'Trained with kindred.'),
  licence: text(
    'SPDX licence of the bundle; it must allow for what the data and the init allow.',
    'Apache-2.0',
  ),
  notices: texts('Further licence notices; those of the init are carried over.', []),

  // The network.
  init: text(
    'Where training starts: a bundle, a .safetensors file or its http(s) address (`#sha256=HEX` at its end checks it), or `random`.',
    'models/imagenet',
  ),
  initMaxBytes: whole('Largest file that is fetched from an address.', 2 * GiB, [1, 2 ** 40]),
  initTimeout: number('Seconds for which the server of an address may be silent.', 60, [1, 3600]),
  backbone: text('Backbone by name; by default that of the init.', null),
  pooling: choice(
    'Pooling: averages alone, or averages beside maxima (as Proxy-Anchor was published).',
    'gap',
    ['gap', 'gap+gmp'],
  ),
  headStart: choice(
    'How a head starts that the init does not bring: by the principal directions of what the backbone gives for the training pictures, which lose next to nothing of what it can tell apart, or at random.',
    'principal',
    ['principal', 'random'],
  ),
  dimensions: whole('Width of the embedding: 128 keeps the index small at little loss.', 128, [2, 4096]),
  input: group('How a picture becomes the network input; what is null comes from the init.', {
    size: whole('Side of the square input in pixels.', null, [16, 1024]),
    fit: choice('How a picture fills the square.', null, ['squash', 'cover', 'contain']),
    kernel: choice('Resampling kernel.', null, [
      'nearest',
      'linear',
      'cubic',
      'mitchell',
      'lanczos2',
      'lanczos3',
    ]),
  }),

  // What is asked of it.
  loss: text('Loss by name.', 'proxy-anchor'),
  lossParams: paramsByName('Parameters of the loss, by name; the rest have the defaults of the loss.'),
  distance: text(
    'What contrastive, triplet and margin measure by: euclidean, or ghm:LAMBDA, which halves their default margins.',
    'euclidean',
  ),
  distanceParams: paramsByName('Further parameters of the distance, by name.'),
  regularize: weightsByName(
    'Terms added to the loss with their weights, such as lsd:100,ranking:0.23; by default none.',
  ),
  regularizerParams: paramsByOwner('Parameters of the regularisers, by the name of the regulariser.'),

  // Batches.
  sampler: choice(
    'How batches are drawn: of each class the same number; at random, whatever the class, for losses with proxies; or classes that lie near each other together, for which every epoch ends with a pass over the training pictures.',
    'm-per-class',
    samplerNames,
  ),
  batch: group('A batch holds classes x images pictures; drawn at random, of any classes.', {
    classes: whole(
      'Classes in a batch; more give more kinds of negatives. By default 28, or all where there are fewer.',
      null,
      [1, 4096],
    ),
    images: whole('Images of each class; at least 2, or a pair loss has no positives.', 4, [1, 256]),
  }),
  augmentation: group('Random change of each picture, drawn anew at each use.', {
    minScale: number('Smallest share of the area that a random crop keeps.', 0.2, [0.01, 1]),
    maxAspect: number('Widest aspect ratio of a crop; its inverse is the narrowest.', 4 / 3, [1, 4]),
    flip: number('Chance of a mirror image; 0 where left and right matter.', 0.5, [0, 1]),
    brightness: number('Largest relative change of brightness.', 0.2, [0, 1]),
    contrast: number('Largest relative change of contrast.', 0.2, [0, 1]),
    saturation: number('Largest relative change of saturation.', 0.2, [0, 1]),
    hue: number('Largest turn of hue, in turns of the circle.', 0.02, [0, 0.5]),
  }),

  // How it learns.
  train: pattern(
    'What learns: all; last-N-blocks of the backbone, and the head; or the head alone, on features that the backbone gives once, which makes minutes of a CPU out of hours.',
    'all',
    trainForm,
    'all, head, or last-N-blocks such as last-3-blocks',
  ),
  views: whole(
    'For the head alone: views of each training picture whose features are kept; the first is the picture as serving sees it, the others are augmented once.',
    1,
    [1, 64],
  ),
  epochs: whole('Passes over the training images.', 20, [1, 10_000]),
  stepsPerEpoch: whole('Steps of an epoch; by default as many as the images fill.', null, [1, 1_000_000]),
  learningRate: number('Highest rate of the backbone and the head (AdamW).', 1e-4, [0, 1]),
  headRateFactor: number('Rate of the head over that of the backbone: it starts from nothing.', 1, [0, 1000]),
  lossRateFactor: number(
    'Rate of what losses learn (proxies, projector) over that of the backbone, as Proxy-Anchor has it.',
    100,
    [0, 10_000],
  ),
  weightDecay: number('Decoupled decay of kernels; biases and proxies have none.', 1e-4, [0, 1]),
  clipNorm: number(
    'Largest global norm of the gradient; a longer one is scaled down to it.',
    10,
    [1e-6, 1e6],
  ),
  freezeBackboneEpochs: whole(
    'First epochs in which only head and proxies learn, so that noise from a new head does not spoil the backbone.',
    1,
    [0, 10_000],
  ),
  warmUpSteps: whole(
    'Steps over which the rate rises from 0, while AdamW has no moments yet.',
    20,
    [0, 1_000_000],
  ),
  finalRate: number('Share of the highest rate at which the cosine ends.', 0.01, [0, 1]),

  // How it is chosen.
  validation: group('Classes that training never sees choose the epoch that is published.', {
    share: number('Share of the classes of each set.', 0.15, [0, 0.9]),
    seed: whole('Seed of the choice; apart from `seed`, so that several seeds are measured alike.', 0, [
      0,
      2 ** 32 - 1,
    ]),
    metric: choice('What the best epoch is chosen by; ties go to the earlier.', 'mapAtR', [
      'mapAtR',
      'recallAt1',
    ]),
    patience: whole(
      'Epochs without a better figure after which the run ends; by default it runs to its last epoch.',
      null,
      [1, 10_000],
    ),
  }),

  // The road of the pictures.
  cache: group('Decoded pictures kept in memory, or in a file.', {
    shorterSide: whole('Their shorter side in pixels; by default 8/7 of the input.', null, [16, 4096]),
    maxBytes: whole(
      'Most bytes kept in memory, pictures or features; pictures past it are decoded at each use.',
      4 * GiB,
      [0, 2 ** 40],
    ),
    file: text(
      'File that pictures are kept in instead of memory, for a set larger than that; it is made anew and removed when the run ends.',
      null,
    ),
    fileMaxBytes: whole('Most bytes kept in it; pictures past it are decoded at each use.', 64 * GiB, [
      0,
      2 ** 44,
    ]),
  }),
  batchesAhead: whole(
    'Batches prepared while a step computes; 2 hide pictures from memory or a file, those past the cache need about 6.',
    2,
    [1, 16],
  ),
  unreadableShare: number(
    'Share of unreadable pictures up to which they are skipped instead of fatal.',
    0.05,
    [0, 1],
  ),

  checkpointEverySteps: whole(
    'Steps from one checkpoint to the next, beside the one at the end of every epoch.',
    null,
    [1, 1_000_000],
  ),
  deterministic: flag(
    'The same run gives the same bits, on this machine: one thread, and kernels that add in a fixed order. Slower.',
    false,
  ),
  seed: whole('Seed of head, proxies, batches and augmentation.', 0, [0, 2 ** 32 - 1]),
  logEverySteps: whole('Steps from one line of the log to the next.', 1, [1, 1_000_000]),
})

export type DataSettings = Parsed<typeof dataFields>
export type TrainSettings = Parsed<typeof trainFields>

/**
 * Reads training settings from a parsed YAML or JSON configuration (flags merged in by the caller) and fills in
 * the defaults. Names of losses and backbones are checked where those are known: in `train`, before any work.
 *
 * @throws KindredError INVALID_SETTING that names the setting, and lists the known ones where one is unknown
 */
export function parseTrainSettings(raw: unknown): TrainSettings {
  return trainFields.parse(raw, '')
}

/** One setting, for help and documentation. */
export interface DescribedSetting {
  /** Nested ones as `input.size`. */
  readonly name: string
  readonly description: string
  /** undefined where it must be given. */
  readonly default: unknown
  /** Range or choices, where it has any. */
  readonly accepts?: string
}

/** Every setting with its description, default, and range or choices. */
export function describeTrainSettings(): DescribedSetting[] {
  return describe('', trainFields)
}

function describe(name: string, of: Field<unknown>): DescribedSetting[] {
  if (of.fields === undefined) {
    const { description, default: fallback, accepts } = of
    return [{ name, description, default: fallback, ...(accepts !== undefined && { accepts }) }]
  }
  const prefix = name === '' ? '' : `${name}.`
  return Object.entries(of.fields).flatMap(([inner, nested]) => describe(`${prefix}${inner}`, nested))
}
