import { describe, expect, it } from 'vitest'
import { createNetwork, networkOf } from '../../src/networks/create-network.js'
import { architectureGraph, embeddingGraph } from '../../src/networks/architecture-graph.js'
import type { Architecture } from '../../src/bundles/manifest.js'
import type { Backbone } from '../../src/networks/graph.js'
import {
  importInto,
  importPublished,
  recognisePublished,
} from '../../src/networks/published/import-published.js'
import { resNet } from '../../src/networks/resnet.js'
import { readSafetensors, writeSafetensors } from '../../src/networks/safetensors.js'
import type { NamedTensor, TensorMap } from '../../src/networks/tensor-map.js'
import { tf } from '../../src/tensors/tensorflow.js'

/** A file in published names, filled with random values, as the networks below list its tensors. */
class PublishedFile {
  readonly tensors = new Map<string, NamedTensor>()
  #seed = 1

  #random(shape: number[], low: number, high: number): tf.Tensor {
    return tf.randomUniform(shape, low, high, 'float32', this.#seed++)
  }

  #keep(name: string, tensor: tf.Tensor): tf.Tensor {
    this.tensors.set(name, { shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) })
    return tensor
  }

  /** Convolution without bias, then BatchNorm from its four statistics, as PyTorch computes them. */
  layer(
    x: tf.Tensor4D,
    [conv, norm]: [string, string],
    [out, kernel, stride]: [number, number, number],
    depthwise = false,
  ): tf.Tensor4D {
    const channels = x.shape[3]
    const fanIn = kernel * kernel * (depthwise ? 1 : channels)
    const range = Math.sqrt(6 / fanIn)
    const weight = this.#keep(
      `${conv}.weight`,
      this.#random([out, depthwise ? 1 : channels, kernel, kernel], -range, range),
    )
    const [scale, shift, mean] = ['weight', 'bias', 'running_mean'].map((part, at) =>
      this.#keep(`${norm}.${part}`, this.#random([out], at === 0 ? 0.5 : -0.3, at === 0 ? 1.5 : 0.3)),
    )
    const variance = this.#keep(`${norm}.running_var`, this.#random([out], 0.3, 2))
    this.tensors.set(`${norm}.num_batches_tracked`, { shape: [], data: Float32Array.of(1000) })
    const beyond = (kernel - 1) / 2
    const padded = tf.pad4d(x, [
      [0, 0],
      [beyond, beyond],
      [beyond, beyond],
      [0, 0],
    ])
    const y = depthwise
      ? tf.depthwiseConv2d(
          padded,
          tf.transpose<tf.Tensor4D>(weight as tf.Tensor4D, [2, 3, 0, 1]),
          stride,
          'valid',
        )
      : tf.conv2d(padded, tf.transpose<tf.Tensor4D>(weight as tf.Tensor4D, [2, 3, 1, 0]), stride, 'valid')
    const centred = tf.div(tf.sub(y, mean ?? 0), tf.sqrt(tf.add(variance, 1e-5)))
    return tf.add(tf.mul(centred, scale ?? 0), shift ?? 0)
  }
}

/** MobileNetV2 of width 0.35, written down from the paper and timm's names. */
function unfoldedMobileNet(file: PublishedFile, images: tf.Tensor4D): tf.Tensor4D {
  const stages = [
    [1, 8, 1, 1],
    [6, 8, 2, 2],
    [6, 16, 3, 2],
    [6, 24, 4, 2],
    [6, 32, 3, 1],
    [6, 56, 3, 2],
    [6, 112, 1, 1],
  ] as const
  let x = tf.relu6(file.layer(images, ['conv_stem', 'bn1'], [16, 3, 2]))
  stages.forEach(([expansion, out, repeats, firstStride], stage) => {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const at = `blocks.${stage}.${repeat}`
      const stride = repeat === 0 ? firstStride : 1
      const before = x
      const wide = x.shape[3] * expansion
      if (stage === 0) {
        x = tf.relu6(file.layer(x, [`${at}.conv_dw`, `${at}.bn1`], [wide, 3, stride], true))
        x = file.layer(x, [`${at}.conv_pw`, `${at}.bn2`], [out, 1, 1])
      } else {
        x = tf.relu6(file.layer(x, [`${at}.conv_pw`, `${at}.bn1`], [wide, 1, 1]))
        x = tf.relu6(file.layer(x, [`${at}.conv_dw`, `${at}.bn2`], [wide, 3, stride], true))
        x = file.layer(x, [`${at}.conv_pwl`, `${at}.bn3`], [out, 1, 1])
      }
      if (stride === 1 && before.shape[3] === out) x = tf.add(x, before)
    }
  })
  x = tf.relu6(file.layer(x, ['conv_head', 'bn2'], [1280, 1, 1]))
  file.tensors.set('classifier.weight', { shape: [2, 1280], data: new Float32Array(2560) })
  file.tensors.set('classifier.bias', { shape: [2], data: new Float32Array(2) })
  return x
}

/** ResNet of stages of one and two bottleneck blocks, from 4 channels. */
function unfoldedResNet(file: PublishedFile, images: tf.Tensor4D): tf.Tensor4D {
  let x = tf.relu(file.layer(images, ['conv1', 'bn1'], [4, 7, 2]))
  // All values are above zero or at it, so a border of zeros changes no maximum.
  const bordered = tf.pad4d(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ])
  x = tf.maxPool(bordered, 3, 2, 'valid')
  for (const [stage, count] of [1, 2].entries()) {
    const middle = 4 * 2 ** stage
    for (let block = 0; block < count; block++) {
      const at = `layer${stage + 1}.${block}`
      const stride = block === 0 && stage > 0 ? 2 : 1
      let y = tf.relu(file.layer(x, [`${at}.conv1`, `${at}.bn1`], [middle, 1, 1]))
      y = tf.relu(file.layer(y, [`${at}.conv2`, `${at}.bn2`], [middle, 3, stride]))
      y = file.layer(y, [`${at}.conv3`, `${at}.bn3`], [4 * middle, 1, 1])
      const shortcut =
        block > 0 ? x : file.layer(x, [`${at}.downsample.0`, `${at}.downsample.1`], [4 * middle, 1, stride])
      x = tf.relu(tf.add(y, shortcut))
    }
  }
  file.tensors.set('fc.weight', { shape: [2, 32], data: new Float32Array(64) })
  return x
}

const images: tf.Tensor4D = tf.randomUniform([2, 64, 64, 3], -1, 1, 'float32', 99)
const pooled = (features: tf.Tensor4D): Float32Array => tf.mean(features, [1, 2]).dataSync() as Float32Array

function expectClose(actual: ArrayLike<number>, wanted: Float32Array): void {
  const largest = Math.max(...wanted.map(Math.abs))
  const difference = Math.max(...wanted.map((value, at) => Math.abs(value - (actual[at] ?? NaN))))
  expect(largest).toBeGreaterThan(0.01)
  expect(difference / largest).toBeLessThan(1e-4)
}

describe('weights under published names', () => {
  it('give MobileNetV2 the features of the network that they were published for', () => {
    const file = new PublishedFile()
    const features = pooled(unfoldedMobileNet(file, images))
    const { tensors } = readSafetensors(writeSafetensors(file.tensors))
    for (const asked of [null, 'mobilenet-v2-0.35', 'mobilenet-v2-0.35-torch']) {
      const { backbone, weights } = importPublished(tensors, asked)
      expect(backbone).toBe('mobilenet-v2-0.35-torch')
      const network = createNetwork({ backbone, pooling: 'gap', head: null }, { seed: 0, weights })
      expectClose(network.forward(images).dataSync(), features)
      network.dispose()
    }
    // The same weights with TensorFlow's padding are another network.
    const { weights } = importPublished(tensors, null)
    const same: Architecture = { backbone: 'mobilenet-v2-0.35', pooling: 'gap', head: null }
    const network = createNetwork(same, { seed: 0, weights })
    expect(() => {
      expectClose(network.forward(images).dataSync(), features)
    }).toThrow()
    network.dispose()
  })

  it('give ResNet the features of the network that they were published for', () => {
    const file = new PublishedFile()
    const features = pooled(unfoldedResNet(file, images))
    const backbone = resNet([1, 2], 4)
    const weights = importInto(backbone, 'resnet', file.tensors)
    const architecture: Architecture = { backbone: 'resnet-50', pooling: 'gap', head: null }
    const network = networkOf(architecture, embeddingGraph(backbone, architecture), { seed: 0, weights })
    expectClose(network.forward(images).dataSync(), features)
    network.dispose()
  })

  describe('are refused', () => {
    const file = new PublishedFile()
    unfoldedMobileNet(file, images).dispose()
    const without = (name: string): TensorMap => new Map([...file.tensors].filter(([key]) => key !== name))
    const withOther = (name: string, tensor: NamedTensor): TensorMap =>
      new Map([...file.tensors, [name, tensor]])
    const one = { shape: [1], data: new Float32Array(1) }

    it.each<[string, TensorMap, string | null, string]>([
      ['without a BatchNorm', without('blocks.3.1.bn2.running_var'), null, 'lack blocks.3.1.bn2.running_var'],
      ['with statistics of another size', withOther('bn2.bias', one), null, '1 values of bn2.bias'],
      ['with a layer too many', withOther('blocks.6.1.conv_pw.weight', one), null, 'blocks.6.1.conv_pw'],
      ['for another family', file.tensors, 'resnet-50', 'not of resnet-50'],
      ['of a width nobody published', withOther('conv_head.weight', one), null, 'do not tell which'],
    ])('%s', (_, tensors, backbone, message) => {
      expect(() => importPublished(tensors, backbone)).toThrow(
        expect.objectContaining({
          code: 'WEIGHTS_INVALID',
          message: expect.stringContaining(message) as string,
        }) as Error,
      )
    })
  })

  it('are told from ours', () => {
    const ours = (backbone: Backbone): TensorMap =>
      new Map(backbone.layers.map(({ name }) => [`${name}.weight`, { shape: [0], data: new Float32Array() }]))
    expect(recognisePublished(ours(resNet([1], 4)))).toBeNull()
    const { backbone } = architectureGraph({ backbone: 'mobilenet-v2-1.4', pooling: 'gap', head: null })
    expect(recognisePublished(ours(backbone))).toBeNull()
  })
})
