import { classMeans } from '../datasets/class-means.js'
import type { Sampler } from '../datasets/sampler.js'
import { embedExamples, type EmbedOptions } from './embed-examples.js'
import type { Examples } from './examples.js'
import type { Student } from './student.js'

/**
 * Tells a sampler that draws near classes together where the classes lie: one pass over the training examples as the
 * student stands, unaugmented. Does nothing for the other samplers.
 *
 * @param batchesUsed steps done since the start of the run
 * @throws the signal's reason when aborted; the sampler knows nothing new then
 */
export async function refreshNeighbours(
  sampler: Sampler,
  student: Student,
  examples: Examples,
  { batchesUsed, ...options }: { batchesUsed: number } & EmbedOptions,
): Promise<void> {
  if (sampler.refresh === undefined) return
  const rows = await embedExamples(student, examples, options)
  const labels = examples.images.map((image) => image.label)
  sampler.refresh(classMeans(rows, labels), batchesUsed)
}
