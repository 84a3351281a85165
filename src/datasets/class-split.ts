import { expected } from '../errors.js'
import { combineSets, indexesByClass, type LabelledSet } from './labelled-set.js'
import { createRandom, sample } from './random.js'

export interface ClassSplit {
  readonly train: LabelledSet
  readonly validation: LabelledSet
}

/**
 * Splits one or several sets into train and validation without a class in common, so that validation asks about
 * classes never seen. Several sets become one, their labels prefixed with the set's name, and each gives its own share.
 *
 * A class of one picture cannot be asked about and stays in train. Where the share is above 0, a set gives at least
 * two classes (one where it has only two or three), and never more than half of those that could be asked about.
 *
 * @param validationShare share of classes for validation, 0 up to but not including 1
 * @throws KindredError INVALID_ARGUMENT
 */
export function splitClasses(
  sets: LabelledSet | readonly LabelledSet[],
  options: { validationShare: number; seed: number },
): ClassSplit {
  const { validationShare, seed } = options
  if (!(validationShare >= 0 && validationShare < 1)) {
    throw expected('a number from 0 to below 1', 'validationShare', validationShare)
  }
  const list = 'images' in sets ? [sets] : sets
  const random = createRandom(seed)
  const parts = list.map((set) => {
    const chosen = new Set(chooseClasses(set, validationShare, random))
    return {
      train: { name: set.name, images: set.images.filter((image) => !chosen.has(image.label)) },
      validation: { name: set.name, images: set.images.filter((image) => chosen.has(image.label)) },
    }
  })
  return {
    train: combineSets(parts.map((part) => part.train)),
    validation: combineSets(parts.map((part) => part.validation)),
  }
}

function chooseClasses(set: LabelledSet, share: number, random: () => number): string[] {
  const askable = [...indexesByClass(set)].flatMap(([label, images]) => (images.length > 1 ? [label] : []))
  if (share === 0) return []
  const wanted = Math.max(2, Math.round(share * askable.length))
  return sample(askable, Math.min(wanted, Math.floor(askable.length / 2)), random)
}
