import { expected } from '../errors.js'
import { classesOf, type LabelledSet } from './labelled-set.js'
import { createRandom, sample } from './random.js'

export interface NoisySet {
  readonly set: LabelledSet
  /** How many labels are wrong now. */
  readonly flipped: number
}

/**
 * Gives a share of the images a wrong label: symmetric noise, each other class of the set equally likely. Exactly
 * round(share * images) are flipped, chosen by the seed; a class may lose all of its images.
 *
 * @param options.share 0 up to but not including 1
 * @throws KindredError INVALID_ARGUMENT, also when there is no other class to flip to
 */
export function flipLabels(set: LabelledSet, options: { share: number; seed: number }): NoisySet {
  const { share, seed } = options
  if (!(share >= 0 && share < 1)) throw expected('a number from 0 to below 1', 'labelNoise', share)
  const flipped = Math.round(share * set.images.length)
  if (flipped === 0) return { set, flipped }
  const classes = classesOf(set)
  if (classes.length < 2) throw expected('0 where there is a single class', 'labelNoise', share)
  const random = createRandom(seed)
  const places = new Map(classes.map((label, place) => [label, place]))
  const images = [...set.images]
  for (const index of sample([...images.keys()], flipped, random)) {
    const image = images[index]
    if (image === undefined) continue
    // A step of 1 to classes - 1 around the circle of classes: any but its own.
    const step = 1 + Math.floor(random() * (classes.length - 1))
    const label = classes[((places.get(image.label) ?? 0) + step) % classes.length] ?? image.label
    images[index] = { ...image, label }
  }
  return { set: { ...set, images }, flipped }
}
