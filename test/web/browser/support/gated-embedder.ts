import type { Embedder } from '../../../../src/embedding/embedder.js'

/** Embeds as another does, but not before what the gate is at that moment. */
export const gatedEmbedder = (embedder: Embedder, gate: () => Promise<void> | undefined): Embedder => ({
  ...embedder,
  async embed(inputs, options) {
    await gate()
    return embedder.embed(inputs, options)
  },
})
