import path from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { createOnnxEmbedder } from '../../src/embedding/onnx-embedder.js'
import { prepareInput } from '../../src/images/prepare-input.js'

it('gives a picture the same bits alone and in any batch, so that equal pixels share a node', async () => {
  const bundle = await loadBundle(path.join(import.meta.dirname, '../../models/products'))
  const embedder = await createOnnxEmbedder(bundle, { provider: 'cpu', threads: 2, maxBatch: 16 })
  try {
    const inputs = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const picture = sharp({
          create: {
            width: 40 + n,
            height: 40,
            channels: 3,
            background: { r: 20 * n, g: 90, b: 255 - 20 * n },
            noise: { type: 'gaussian', mean: 128, sigma: 60 },
          },
        })
        return prepareInput(await picture.png().toBuffer(), embedder.input)
      }),
    )
    const alone: Float32Array[] = []
    for (const input of inputs) alone.push(...(await embedder.embed([input])))
    for (const size of [2, 5, 12]) {
      const together: Float32Array[] = []
      for (let at = 0; at < inputs.length; at += size) {
        together.push(...(await embedder.embed(inputs.slice(at, at + size))))
      }
      expect(together).toEqual(alone)
    }
  } finally {
    await embedder.close()
  }
})
