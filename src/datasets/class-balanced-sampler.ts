import { createPack } from './pack.js'
import { createRandom } from './random.js'
import { checkBatchShape, checkEnoughClasses } from './sampler-checks.js'
import type { Sampler, SamplerSettings, SamplerState } from './sampler.js'

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
  settings: SamplerSettings,
  from: SamplerState = { batchesDrawn: 0 },
): Sampler {
  const { classesPerBatch, imagesPerClass, seed } = settings
  checkBatchShape(settings)
  const images = new Map<string, number[]>()
  labels.forEach((label, index) => {
    const known = images.get(label)
    if (known === undefined) images.set(label, [index])
    else known.push(index)
  })
  checkEnoughClasses(classesPerBatch, images.size)
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
    state: (batches = batchesDrawn) => ({ batchesDrawn: batches }),
  }
}
