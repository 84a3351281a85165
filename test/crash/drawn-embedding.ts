import { createRandom } from '../../src/datasets/random.js'

export const dimensions = 8

/** The embedding that belongs to a seed. */
export function drawnEmbedding(seed: number): number[] {
  const draw = createRandom(seed)
  return Array.from({ length: dimensions }, () => draw() * 2 - 1)
}
