import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { Slots } from '../../../src/collections/imports/slots.js'
import type { Embedder } from '../../../src/embedding/embedder.js'
import { prepareInput } from '../../../src/images/prepare-input.js'

/**
 * Seconds that reading and decoding the pictures takes alone, on all cores, and seconds that embedding them takes alone,
 * in the largest batches. Both want all cores, so nothing that does both can be quicker than their sum.
 */
export async function timeParts(
  pictures: readonly string[],
  embedder: Embedder,
): Promise<{ decode: number; embed: number }> {
  const slots = new Slots(availableParallelism() + 2)
  const began = performance.now()
  const inputs = await Promise.all(
    pictures.map((file) => slots.run(async () => prepareInput(await readFile(file), embedder.input))),
  )
  const decoded = performance.now()
  // As many at a time as an import has under way, which fills every batch.
  const embedding = new Slots(96)
  await Promise.all(inputs.map((input) => embedding.run(() => embedder.embed([input]))))
  return { decode: (decoded - began) / 1000, embed: (performance.now() - decoded) / 1000 }
}
