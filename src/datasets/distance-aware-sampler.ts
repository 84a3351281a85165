import { expected, KindredError } from '../errors.js'
import { indexesByClass } from './labelled-set.js'
import { nearestClasses } from './nearest-classes.js'
import { createPack } from './pack.js'
import { createRandom, sample, shuffle } from './random.js'
import { checkBatchShape, checkEnoughClasses } from './sampler-checks.js'
import type { NeighbourLists, Sampler, SamplerSettings, SamplerState } from './sampler.js'

/** Classes of a group: one that was dealt and those nearest to it. */
const groupSize = 4
/** How many near classes are kept of each, so that some remain where others are in the batch already. */
const keptNeighbours = 4 * (groupSize - 1)

/**
 * How many batches after a refresh the first is drawn by it. Fixed and at least as many as are ever drawn ahead, so
 * that the batches do not depend on how far ahead that is, nor on where a run was stopped and resumed.
 */
export const refreshDelay = 32

/**
 * Batches of P classes by K images in groups of classes that lie near each other, which are the hardest to tell apart:
 * classes are dealt from a shuffled pack, each is joined by its three nearest that are not in the batch yet, until P are
 * together. That is the anchor-neighbour sampling of the hierarchical triplet loss (Ge et al. 2018) with the class
 * means of the current embedding in place of its tree; Smart Mining (Harwood et al. 2017) does the like with images.
 * Before the first refresh, and where near classes run out, others are drawn at random. Images of a class are drawn
 * at random, repeated only where it has fewer than K.
 *
 * @param from state of an earlier sampler over the same labels and settings, neighbours included
 * @throws KindredError INVALID_ARGUMENT, also when there are fewer than `classesPerBatch` classes
 */
export function createDistanceAwareSampler(
  labels: readonly string[],
  settings: SamplerSettings,
  from: SamplerState = { batchesDrawn: 0 },
): Sampler & Required<Pick<Sampler, 'refresh'>> {
  const { classesPerBatch, imagesPerClass, seed } = settings
  checkBatchShape(settings)
  const byClass = indexesByClass({ name: '', images: labels.map((label) => ({ path: '', label })) })
  const names = [...byClass.keys()]
  const images = [...byClass.values()]
  const classes = [...images.keys()]
  checkEnoughClasses(classesPerBatch, classes.length)

  const random = createRandom(seed)
  // What a batch draws must not depend on what near classes others drew: each has a generator of its own.
  const batchSeeds = Math.floor(random() * 2 ** 32)
  const pack = createPack(classes, random)
  const batchSize = classesPerBatch * imagesPerClass
  let neighbours: readonly NeighbourLists[] = from.neighbours ?? []
  let batchesDrawn = 0

  const dealt = (): number[] => pack.deal(Math.ceil(classesPerBatch / groupSize))
  const next = (): number[] => {
    const draw = createRandom(batchSeeds + batchesDrawn)
    const nearest = neighbours.findLast(({ fromBatch }) => fromBatch <= batchesDrawn)?.nearest
    batchesDrawn++
    const chosen = joinNeighbours(dealt(), nearest, classesPerBatch)
    const others = shuffle(
      classes.filter((one) => !chosen.has(one)),
      draw,
    )
    return [...chosen, ...others]
      .slice(0, classesPerBatch)
      .flatMap((one) => drawImages(images[one] ?? [], imagesPerClass, draw))
  }
  for (; batchesDrawn < from.batchesDrawn; batchesDrawn++) dealt()

  /** Those that a batch from here on is still drawn by. */
  const needed = (batch: number): NeighbourLists[] => {
    const current = neighbours.findLastIndex(({ fromBatch }) => fromBatch <= batch)
    return neighbours.slice(Math.max(0, current))
  }
  return {
    batchSize,
    batchesPerEpoch: Math.ceil(labels.length / batchSize),
    next,
    state: (batches = batchesDrawn) => ({ batchesDrawn: batches, neighbours: needed(batches) }),
    refresh(means, batchesUsed) {
      const fromBatch = batchesUsed + refreshDelay
      if (batchesDrawn > fromBatch) {
        throw expected(`at least ${batchesDrawn - refreshDelay}`, 'batchesUsed', batchesUsed)
      }
      const inOrder = names.map((name) => {
        const mean = means.get(name)
        if (mean === undefined)
          throw new KindredError('INVALID_ARGUMENT', `There is no mean of class ${name}`)
        return mean
      })
      const nearest = nearestClasses(inOrder, keptNeighbours)
      neighbours = [...needed(batchesUsed), { fromBatch, nearest }]
    },
  }
}

/** The dealt classes, each followed by its nearest that are not among them, as far as there is room. */
function joinNeighbours(
  dealt: readonly number[],
  nearest: NeighbourLists['nearest'] | undefined,
  room: number,
): Set<number> {
  const chosen = new Set(dealt)
  for (const one of dealt) {
    const free = (nearest?.[one] ?? []).filter((near) => !chosen.has(near))
    for (const near of free.slice(0, Math.min(groupSize - 1, room - chosen.size))) chosen.add(near)
  }
  return chosen
}

function drawImages(indexes: readonly number[], count: number, random: () => number): number[] {
  if (count <= indexes.length) return sample(indexes, count, random)
  const drawn: number[] = []
  while (drawn.length < count) drawn.push(...shuffle(indexes, random))
  return drawn.slice(0, count)
}
