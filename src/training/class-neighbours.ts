import { classMeans } from '../datasets/class-means.js'
import type { Sampler } from '../datasets/sampler.js'
import type { InputTransform } from '../images/input-transform.js'
import { resizeRgb } from '../images/resize.js'
import type { Network } from '../networks/network.js'
import type { Pictures } from './pictures.js'
import { embedPictures } from './validate.js'

/**
 * Tells a sampler that draws near classes together where the classes lie: one pass over the training pictures as the
 * network stands, unaugmented. Does nothing for the other samplers.
 *
 * @param batchesUsed steps done since the start of the run
 */
export async function refreshNeighbours(
  sampler: Sampler,
  network: Network,
  pictures: Pictures,
  options: {
    transform: InputTransform
    batchesUsed: number
    onProgress?: (done: number, total: number) => void
  },
): Promise<void> {
  if (sampler.refresh === undefined) return
  const { transform, batchesUsed, onProgress } = options
  const atInputSize: Pictures = {
    ...pictures,
    read: async (index) => resizeRgb(await pictures.read(index), transform),
  }
  const rows = await embedPictures(network, atInputSize, transform, onProgress)
  const labels = pictures.images.map((image) => image.label)
  sampler.refresh(classMeans(rows, labels), batchesUsed)
}
