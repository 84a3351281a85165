import { createHash } from 'node:crypto'
import type { Embedder } from '../../../../src/embedding/embedder.js'

/** Embeds by a hash of the input and the model: equal pictures give equal embeddings. Counts what it was given. */
export function fakeEmbedder(
  onEmbed: () => void | Promise<void> = () => undefined,
  { model = 'fake@1', dimensions = 4 }: { model?: string; dimensions?: number } = {},
): Embedder & { readonly count: () => number } {
  let count = 0
  return {
    model,
    dimensions,
    input: {
      width: 8,
      height: 8,
      fit: 'squash',
      kernel: 'linear',
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
      layout: 'nchw',
    },
    count: () => count,
    async embed(inputs) {
      count += inputs.length
      await onEmbed()
      return inputs.map((values) => {
        const hash = createHash('sha256').update(model).update(new Uint8Array(values.buffer)).digest()
        const embedding = Float32Array.from({ length: dimensions }, (_, at) => hash.readInt16LE(2 * at) + 0.5)
        const length = Math.hypot(...embedding)
        return embedding.map((value) => value / length)
      })
    },
    close: () => Promise.resolve(),
  }
}
