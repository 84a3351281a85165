import { expected, KindredError } from '../errors.js'
import { createRandom, shuffle } from './random.js'

/** What a resumed run needs to go on with the very next batch. */
export interface SamplerState {
  readonly batchesDrawn: number
}

export interface ClassBalancedSampler {
  /** classesPerBatch * imagesPerClass. */
  readonly batchSize: number
  /** ceil(images / batchSize): as many batches as it takes to draw as many pictures as there are. */
  readonly batchesPerEpoch: number
  /** Indexes of the next batch's images, those of one class side by side. It never ends. */
  next(): number[]
  state(): SamplerState
}

/**
 * Batches of P classes by K images. Classes are dealt from a shuffled pack that holds each once, so at any time two
 * classes differ by at most one in how often they came; images of a class likewise, so none comes twice before all
 * its others came. A class of fewer than K images repeats some within the batch.
 *
 * @param labels the class of each image
 * @param from state of an earlier sampler over the same labels and settings: its batches are dealt again and skipped
 * @throws KindredError INVALID_ARGUMENT, also when there are fewer than `classesPerBatch` classes
 */
export function createClassBalancedSampler(
  labels: readonly string[],
  settings: { classesPerBatch: number; imagesPerClass: number; seed: number },
  from: SamplerState = { batchesDrawn: 0 },
): ClassBalancedSampler {
  const { classesPerBatch, imagesPerClass, seed } = settings
  requirePositive('classesPerBatch', classesPerBatch)
  requirePositive('imagesPerClass', imagesPerClass)
  const images = new Map<string, number[]>()
  labels.forEach((label, index) => {
    const known = images.get(label)
    if (known === undefined) images.set(label, [index])
    else known.push(index)
  })
  if (images.size < classesPerBatch) {
    throw new KindredError(
      'INVALID_ARGUMENT',
      `A batch of ${classesPerBatch} classes cannot be drawn from ${images.size} classes`,
      { hint: `Set classesPerBatch to ${images.size} or less, or train on more classes` },
    )
  }
  const random = createRandom(seed)
  const classPack = createPack([...images.keys()], random)
  const imagePacks = new Map([...images].map(([label, indexes]) => [label, createPack(indexes, random)]))
  const batchSize = classesPerBatch * imagesPerClass
  let batchesDrawn = 0

  const next = (): number[] => {
    batchesDrawn++
    const classes = classPack.deal(classesPerBatch)
    return classes.flatMap((label) => imagePacks.get(label)?.deal(imagesPerClass) ?? [])
  }
  while (batchesDrawn < from.batchesDrawn) next()

  return {
    batchSize,
    batchesPerEpoch: Math.ceil(labels.length / batchSize),
    next,
    state: () => ({ batchesDrawn }),
  }
}

/** Deals from a shuffled pack; when it runs out the next is shuffled, with those already in hand at its bottom. */
function createPack<T>(values: readonly T[], random: () => number): { deal(count: number): T[] } {
  let pack: T[] = []
  const refill = (hand: readonly T[]): void => {
    const held = new Set(hand)
    const shuffled = shuffle(values, random)
    // Dealt from the end, so the bottom is the front.
    pack = [...shuffled.filter((value) => held.has(value)), ...shuffled.filter((value) => !held.has(value))]
  }
  return {
    deal(count) {
      const hand: T[] = []
      while (hand.length < count) {
        if (pack.length === 0) refill(hand)
        hand.push(...pack.splice(hand.length - count))
      }
      return hand
    },
  }
}

function requirePositive(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw expected('a positive whole number', name, value)
}
