import { createSampler } from '../datasets/create-sampler.js'
import type { Sampler, SamplerState } from '../datasets/sampler.js'
import { seedOf } from './seeds.js'
import type { TrainSettings } from './settings.js'

/** Classes in a batch where the settings name no number: more give more kinds of negatives. */
const defaultClasses = 28

/**
 * The sampler of a run.
 *
 * @param labels the class of each training picture
 * @param from state of the sampler of a run that is resumed
 * @throws KindredError INVALID_ARGUMENT where a batch asks for more classes than there are
 */
export function createRunSampler(
  { sampler, batch, seed }: Pick<TrainSettings, 'sampler' | 'batch' | 'seed'>,
  labels: readonly string[],
  from?: SamplerState,
): Sampler {
  const classes = sampler === 'random' ? defaultClasses : Math.min(defaultClasses, new Set(labels).size)
  const shape = { classesPerBatch: batch.classes ?? classes, imagesPerClass: batch.images }
  return createSampler(sampler, labels, { ...shape, seed: seedOf(seed, 'batches') }, from)
}
