import { classesOf, type LabelledSet } from './labelled-set.js'

/**
 * Splits a set into `train`, the first half of its classes in the order of `classesOf`, and `test`, the rest, whatever
 * split it had: the class-disjoint split of the papers on metric learning (Song et al. 2016). Of an odd number of
 * classes train has one more.
 */
export function splitInHalves(set: LabelledSet): LabelledSet {
  const classes = classesOf(set)
  const first = new Set(classes.slice(0, Math.ceil(classes.length / 2)))
  return {
    ...set,
    images: set.images.map((image) => ({ ...image, split: first.has(image.label) ? 'train' : 'test' })),
  }
}
