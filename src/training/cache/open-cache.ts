import type { TrainSettings } from '../settings.js'
import { openFileCache } from './file-cache.js'
import { createMemoryCache } from './memory-cache.js'
import type { PictureCache } from './picture-cache.js'

/**
 * The file that a run keeps its pictures in; null where it keeps them in memory, or keeps none: a head alone learns
 * from features.
 */
export const cacheFileOf = ({ cache, train }: Pick<TrainSettings, 'cache' | 'train'>): string | null =>
  train === 'head' ? null : cache.file

/** Where a run keeps its pictures. @throws KindredError INVALID_SETTING for a file that cannot be made; CACHE_FAILED */
export async function openCache(settings: Pick<TrainSettings, 'cache' | 'train'>): Promise<PictureCache> {
  const file = cacheFileOf(settings)
  const { maxBytes, fileMaxBytes } = settings.cache
  return file === null ? createMemoryCache(maxBytes) : openFileCache(file, fileMaxBytes)
}
