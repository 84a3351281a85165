import { createRandom } from '../../src/datasets/random.js'

export interface ClusteredEmbeddings {
  /** Row after row, of no particular length. */
  readonly embeddings: Float32Array
  readonly dimensions: number
  /** Class of each row. */
  readonly classes: Int32Array
}

/** Noise around one random direction a class: the same numbers from the same seed on every machine. */
export function clusteredEmbeddings(options: {
  readonly count: number
  readonly dimensions: number
  readonly classes: number
  /** Deviation of a value, beside directions whose values have 1. */
  readonly noise: number
  readonly seed: number
}): ClusteredEmbeddings {
  const { count, dimensions, classes, noise, seed } = options
  const random = createRandom(seed)
  // Uniform with variance 1.
  const draw = (): number => Math.sqrt(12) * (random() - 0.5)
  const centres = Float32Array.from({ length: classes * dimensions }, draw)
  const embeddings = new Float32Array(count * dimensions)
  for (let row = 0; row < count; row++) {
    const centre = (row % classes) * dimensions
    for (let d = 0; d < dimensions; d++) {
      embeddings[row * dimensions + d] = (centres[centre + d] as number) + noise * draw()
    }
  }
  return { embeddings, dimensions, classes: Int32Array.from({ length: count }, (_, row) => row % classes) }
}
