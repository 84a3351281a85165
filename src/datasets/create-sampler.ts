import { createClassBalancedSampler } from './class-balanced-sampler.js'
import { createDistanceAwareSampler } from './distance-aware-sampler.js'
import { createRandomSampler } from './random-sampler.js'
import type { Sampler, SamplerSettings, SamplerState } from './sampler.js'

const samplers = {
  'm-per-class': createClassBalancedSampler,
  random: createRandomSampler,
  'distance-aware': createDistanceAwareSampler,
} as const

export type SamplerName = keyof typeof samplers
export const samplerNames = Object.keys(samplers) as SamplerName[]

/**
 * The sampler of that name.
 *
 * @param labels the class of each image
 * @param from state of an earlier sampler of the same name, labels and settings
 * @throws KindredError INVALID_ARGUMENT
 */
export const createSampler = (
  name: SamplerName,
  labels: readonly string[],
  settings: SamplerSettings,
  from?: SamplerState,
): Sampler => samplers[name](labels, settings, from)
