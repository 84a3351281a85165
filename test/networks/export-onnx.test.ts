import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Architecture } from '../../src/bundles/manifest.js'
import { decodeImage } from '../../src/images/decode.js'
import { compareEmbeddings } from '../../src/networks/compare-embeddings.js'
import { createNetwork } from '../../src/networks/create-network.js'
import { exportOnnx } from '../../src/networks/onnx/export-onnx.js'
import { readSafetensors } from '../../src/networks/safetensors.js'
import { tf } from '../../src/tensors/tensorflow.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { runExport, split } from './run-export.js'

type Size = { width: number; height: number }

async function largestDifference(
  architecture: Architecture,
  images: tf.Tensor4D,
  options: Parameters<typeof createNetwork>[1],
): Promise<number> {
  const network = createNetwork(architecture, options)
  const [, height, width] = images.shape
  const exported = exportOnnx(architecture, network.weights(), { width, height })
  expect(exported.model.byteLength).toBeLessThan(64 * 1024)
  const trained = split(Float32Array.from(network.embed(images).dataSync()), network.dimensions)
  network.dispose()
  return compareEmbeddings(trained, await runExport(exported, images))
}

describe('an exported network', () => {
  it.each<[string, Architecture, Size]>([
    [
      'small, one pooling, no head',
      { backbone: 'small-convnet', pooling: 'gap', head: null },
      { width: 32, height: 32 },
    ],
    [
      'small, both poolings, odd sides',
      { backbone: 'small-convnet', pooling: 'gap+gmp', head: 8 },
      { width: 33, height: 19 },
    ],
    [
      'MobileNetV2 with a head, odd sides',
      { backbone: 'mobilenet-v2-1.0', pooling: 'gap+gmp', head: 16 },
      { width: 75, height: 50 },
    ],
  ])('embeds as the trained one: %s', async (_, architecture, { width, height }) => {
    const images: tf.Tensor4D = tf.randomUniform([3, height, width, 3], -1, 1, 'float32', 11)
    expect(await largestDifference(architecture, images, { seed: 6 })).toBeLessThan(1e-5)
  })

  it('gives zeros, not NaN, where all features are zero', async () => {
    const architecture = { backbone: 'small-convnet', pooling: 'gap', head: null } as const
    const network = createNetwork(architecture, { seed: 6 })
    const exported = exportOnnx(architecture, network.weights(), { width: 32, height: 32 })
    const [blank] = await runExport(exported, tf.zeros([1, 32, 32, 3]))
    expect(new Set(blank)).toEqual(new Set([0]))
  })

  it('keeps the weights once, readable as safetensors', () => {
    const architecture = { backbone: 'small-convnet', pooling: 'gap', head: 8 } as const
    const network = createNetwork(architecture, { seed: 6 })
    const { weights } = exportOnnx(architecture, network.weights(), { width: 32, height: 32 }, { a: 'b' })
    const { tensors, metadata } = readSafetensors(weights)
    expect(tensors).toEqual(network.weights())
    expect(metadata).toEqual({ a: 'b' })
  })

  it('refuses weights that do not fit', () => {
    const network = createNetwork({ backbone: 'small-convnet', pooling: 'gap', head: 8 }, { seed: 6 })
    const other = { backbone: 'small-convnet', pooling: 'gap', head: 9 } as const
    expect(() => exportOnnx(other, network.weights(), { width: 32, height: 32 })).toThrow('embedding.weight')
  })
})

const backboneFile = 'backbones/mobilenet_v2_1.0_imagenet.safetensors'

describeWithShared('the exported ImageNet network', [backboneFile, 'data/grocery'], () => {
  it('embeds real photos as the trained one does', async () => {
    const { tensors: weights } = readSafetensors(readFileSync(sharedPath(backboneFile)))
    const text = readFileSync(sharedPath('backbones/reference_features.json'), 'utf8')
    const { cases } = JSON.parse(text) as { cases: { path: string }[] }
    const photos = await Promise.all(
      cases.map(async ({ path: file }) => {
        const { data, width, height } = await decodeImage(readFileSync(sharedPath(file)))
        const pixels = tf.cast(tf.tensor3d(data, [height, width, 3], 'int32'), 'float32')
        return tf.image.resizeBilinear(tf.sub<tf.Tensor3D>(tf.div(pixels, 127.5), 1), [160, 160])
      }),
    )
    const architecture = { backbone: 'mobilenet-v2-1.0', pooling: 'gap', head: null } as const
    const images = tf.stack(photos) as tf.Tensor4D
    expect(await largestDifference(architecture, images, { seed: 0, weights })).toBeLessThan(1e-5)
  })
})
