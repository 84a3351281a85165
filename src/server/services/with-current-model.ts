import { toKindredError } from '../../errors.js'

/**
 * Does what embeds for a collection, and once more where another model took over the collection meanwhile: that one embeds
 * then.
 */
export async function withCurrentModel<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (toKindredError(thrown).code !== 'MODEL_MISMATCH') throw thrown
    return work()
  }
}
