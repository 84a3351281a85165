import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bundle } from '../../src/bundles/bundle.js'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import type { Embedder } from '../../src/embedding/embedder.js'
import { createOnnxEmbedder } from '../../src/embedding/onnx-embedder.js'
import { normalisePixels } from '../../src/images/normalise.js'
import { describeWithShared, sharedPath } from '../support/shared.js'

const folder = path.resolve(import.meta.dirname, '../../models/imagenet')

let bundle: Bundle
let embedder: Embedder
beforeAll(async () => {
  bundle = await loadBundle(folder)
  embedder = await createOnnxEmbedder(bundle, { provider: 'cpu', threads: 1, maxBatch: 4 })
})
afterAll(() => embedder.close())

describe('the bundle that ships as models/imagenet', () => {
  test('keeps its weights once and stays under 12 MB', async () => {
    const sizes = await Promise.all(
      ['model.onnx', 'weights.safetensors', 'model.json', 'README.md'].map(
        async (name) => (await stat(path.join(folder, name))).size,
      ),
    )
    expect(sizes[0]).toBeLessThan(100_000)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(12_000_000)
  })

  test('gives an input the same 1280 values at unit length alone and in a batch', async () => {
    const { width, height } = bundle.manifest.input
    const inputs = [0, 1, 2].map((shift) =>
      Float32Array.from({ length: 3 * width * height }, (_, i) => Math.sin(i * 0.01 + shift)),
    )
    const together = await embedder.embed(inputs)
    for (const [i, input] of inputs.entries()) {
      const [alone = new Float32Array()] = await embedder.embed([input])
      expect(alone).toHaveLength(1280)
      expect(Math.hypot(...alone)).toBeCloseTo(1, 6)
      expect(distance(alone, together[i] ?? [])).toBeLessThan(1e-5)
    }
  })
})

interface ReferenceCase {
  readonly path: string
  readonly feature: readonly number[]
}

describeWithShared(
  'the features of models/imagenet',
  ['backbones/reference_features.json', 'data/grocery'],
  () => {
    test('are those of the published network, within 1e-3, through the embedder', async () => {
      const text = await readFile(sharedPath('backbones/reference_features.json'), 'utf8')
      const { cases } = JSON.parse(text) as { cases: ReferenceCase[] }
      expect(cases).toHaveLength(6)
      for (const { path: photo, feature } of cases) {
        const data = await sharp(sharedPath(photo))
          .extract({ left: 0, top: 0, width: 160, height: 160 })
          .raw()
          .toBuffer()
        const input = normalisePixels({ width: 160, height: 160, data }, bundle.manifest.input)
        const [embedding = new Float32Array()] = await embedder.embed([input])
        const length = Math.hypot(...feature)
        expect(
          distance(
            embedding,
            feature.map((value) => value / length),
          ),
        ).toBeLessThan(1e-3)
      }
    })
  },
)

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.hypot(...Array.from(a, (value, i) => value - (b[i] ?? NaN)))
