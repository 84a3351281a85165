import { readFile } from 'node:fs/promises'
import type { DataLineage } from '../bundles/manifest.js'
import { splitClasses, type ClassSplit } from '../datasets/class-split.js'
import { flipLabels } from '../datasets/label-noise.js'
import { classesOf, distinctNames, type LabelledSet } from '../datasets/labelled-set.js'
import { readSet, selectSplit } from '../datasets/read-set.js'
import { KindredError } from '../errors.js'
import { seedOf } from './seeds.js'
import type { DataSettings, TrainSettings } from './settings.js'

/** What a run learns from: classes of train and validation are disjoint, held-out classes are in neither. */
export interface TrainingData extends ClassSplit {
  /** Held-out labels, prefixed with the set's name where there are several sets. */
  readonly heldOut: readonly string[]
  readonly lineage: readonly DataLineage[]
  /** Training labels that label noise made wrong; those of validation are as they were. */
  readonly flipped: number
}

/**
 * Reads every set, takes the excluded and held-out labels away, splits the rest by class, puts label noise on what is
 * trained on, and repeats what shall count more often.
 *
 * @throws KindredError DATASET_INVALID, also for a held-out label that the set does not have: a misspelt one would
 * be trained on
 */
export async function readTrainingData(
  settings: Pick<TrainSettings, 'data' | 'validation' | 'labelNoise' | 'repeat' | 'seed'>,
): Promise<TrainingData> {
  const whole = await Promise.all(settings.data.map(readOne))
  const names = distinctNames(whole.map(({ set }) => set))
  const known = new Set(whole.flatMap(({ set }) => classesOf(set)))
  const read = whole.map(({ set, ...one }, at) => {
    checkKnown(one.leftOut, known)
    const [own, leftOut] = [new Set(classesOf(set)), new Set(one.leftOut)]
    const kept = {
      name: names[at]?.name ?? set.name,
      images: set.images.filter(({ label }) => !leftOut.has(label)),
    }
    return {
      set: one.split === null ? trainRows(kept) : selectSplit(kept, one.split),
      heldOut: one.heldOut.filter((label) => own.has(label)),
      licence: one.licence,
    }
  })
  const { share, seed } = settings.validation
  const sets = read.map(({ set }) => set)
  const { train, validation } = splitClasses(sets, { validationShare: share, seed })
  const noise = { share: settings.labelNoise, seed: seedOf(settings.seed, 'label-noise') }
  const { set: noisy, flipped } = flipLabels(train, noise)
  return {
    train: repeatSplits(noisy, settings.repeat),
    validation,
    flipped,
    heldOut: read.flatMap(({ set, heldOut }) =>
      heldOut.map((label) => (read.length === 1 ? label : `${set.name}:${label}`)),
    ),
    lineage: read.map(({ set, licence }) => ({
      name: set.name,
      licence,
      images: set.images.length,
      classes: classesOf(set).length,
    })),
  }
}

/** @throws KindredError DATASET_INVALID for a split that no training picture is of: a misspelt one would do nothing */
function repeatSplits(set: LabelledSet, repeat: Readonly<Record<string, number>>): LabelledSet {
  const missing = Object.keys(repeat).filter((split) => set.images.every((image) => image.split !== split))
  if (missing.length > 0) {
    throw new KindredError('DATASET_INVALID', `No training picture is of the split ${missing.join(', ')}`, {
      hint: 'Take it out of `repeat`, or name it in `split`.',
    })
  }
  const images = set.images.flatMap((image) =>
    Array.from({ length: repeat[image.split ?? ''] ?? 1 }, () => image),
  )
  return { ...set, images }
}

/** A set before any label is left out, and what of it to take. */
interface WholeSet {
  readonly set: LabelledSet
  readonly leftOut: readonly string[]
  readonly heldOut: readonly string[]
  readonly split: string | null
  readonly licence: string
}

/** A label that no set has is misspelt; flags give the same list to every set, which need not have all of it. */
function checkKnown(labels: readonly string[], known: ReadonlySet<string>): void {
  const unknown = labels.filter((label) => !known.has(label))
  if (unknown.length === 0) return
  throw new KindredError('DATASET_INVALID', `No set has the label ${unknown.slice(0, 5).join(', ')}`, {
    hint: 'Held-out and excluded labels are written as the set writes them.',
  })
}

async function readOne(data: DataSettings): Promise<WholeSet> {
  const { path, name, format, labelColumn, splitBy, split, boxes, classes, licence } = data
  const heldOut = [...data.heldOutLabels, ...(await readLabels(data.heldOutLabelsFile))]
  const set = await readSet(path, {
    format,
    splitBy,
    boxes,
    ...(name !== null && { name }),
    ...(labelColumn !== null && { labelColumn }),
    ...(classes !== null && { classes }),
  })
  return { set, leftOut: [...data.excludeLabels, ...heldOut], heldOut, split, licence }
}

/** What `kindred train` learns from when no split is named: the pictures of `train` where there are any, else all. */
function trainRows(set: LabelledSet): LabelledSet {
  const images = set.images.filter((image) => image.split === 'train')
  return images.length > 0 ? { ...set, images } : set
}

async function readLabels(file: string | null): Promise<string[]> {
  if (file === null) return []
  try {
    const lines = (await readFile(file, 'utf8')).split('\n')
    return lines.map((line) => line.trim()).filter((line) => line !== '')
  } catch (cause) {
    throw new KindredError('DATASET_INVALID', `The file of held-out labels ${file} cannot be read`, { cause })
  }
}
