import type { ClassSplit } from '../datasets/class-split.js'
import { expected } from '../errors.js'
import type { TrainSettings } from './settings.js'

/**
 * Rows of features that runs of the head alone keep: each different picture once as it is, and its augmented views once
 * a seed.
 */
export function featureRows(
  { views }: Pick<TrainSettings, 'views'>,
  { train, validation }: ClassSplit,
  seeds = 1,
): number {
  const different = new Set(train.images).size
  return validation.images.length + different * (1 + (views - 1) * seeds)
}

/**
 * @param width values of a row
 * @throws KindredError INVALID_SETTING where the features of one run are past `cache.maxBytes`
 */
export function checkFeatureRoom(
  settings: Pick<TrainSettings, 'views' | 'cache'>,
  split: ClassSplit,
  width: number,
): void {
  const bytes = 4 * width * featureRows(settings, split)
  const { maxBytes } = settings.cache
  if (bytes > maxBytes)
    throw expected(`room for ${bytes} bytes of features`, 'cache.maxBytes', maxBytes, 'INVALID_SETTING')
}
