import { createPack } from './pack.js'
import { createRandom } from './random.js'
import { checkBatchShape } from './sampler-checks.js'
import type { Sampler, SamplerSettings, SamplerState } from './sampler.js'

/**
 * Batches of P * K images drawn without regard to class from a shuffled pack that holds each once: none comes twice
 * before all others came, and classes come as often as they have images. Only for losses that do not need several
 * images of a class in a batch, such as those with proxies; a batch may well hold no two of a class.
 *
 * @param from state of an earlier sampler over the same labels and settings: its batches are dealt again and skipped
 * @throws KindredError INVALID_ARGUMENT
 */
export function createRandomSampler(
  labels: readonly string[],
  settings: SamplerSettings,
  from: SamplerState = { batchesDrawn: 0 },
): Sampler {
  checkBatchShape(settings)
  const batchSize = settings.classesPerBatch * settings.imagesPerClass
  const pack = createPack([...labels.keys()], createRandom(settings.seed))
  let batchesDrawn = 0
  const next = (): number[] => {
    batchesDrawn++
    return labels.length === 0 ? [] : pack.deal(batchSize)
  }
  while (batchesDrawn < from.batchesDrawn) next()
  return {
    batchSize,
    batchesPerEpoch: Math.ceil(labels.length / batchSize),
    next,
    state: (batches = batchesDrawn) => ({ batchesDrawn: batches }),
  }
}
