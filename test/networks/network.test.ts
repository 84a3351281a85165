import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { decodeImage } from '../../src/images/decode.js'
import { createNetwork } from '../../src/networks/create-network.js'
import type { Network } from '../../src/networks/network.js'
import { readSafetensors } from '../../src/networks/safetensors.js'
import { tf } from '../../src/tensors/tensorflow.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { checkGradients } from './check-gradients.js'

const open: Network[] = []
const create = (...args: Parameters<typeof createNetwork>): Network => {
  const network = createNetwork(...args)
  open.push(network)
  return network
}
afterEach(() => {
  open.splice(0).forEach((network) => {
    network.dispose()
  })
})

const backboneFile = 'backbones/mobilenet_v2_1.0_imagenet.safetensors'

describeWithShared('MobileNetV2 with ImageNet weights', [backboneFile, 'data/grocery'], () => {
  const { tensors: weights } = readSafetensors(readFileSync(sharedPath(backboneFile)))
  const architecture = { backbone: 'mobilenet-v2-1.0', pooling: 'gap', head: null } as const

  it('gives the reference features of real photos', async () => {
    const text = readFileSync(sharedPath('backbones/reference_features.json'), 'utf8')
    const { cases } = JSON.parse(text) as { cases: { path: string; feature: number[] }[] }
    const network = create(architecture, { seed: 0, weights })
    for (const { path, feature } of cases) {
      const image = await decodeImage(readFileSync(sharedPath(path)))
      const pixels = tf.tidy(() => {
        const all = tf.tensor3d(image.data, [image.height, image.width, 3], 'int32')
        const corner = tf.slice(all, [0, 0, 0], [160, 160, 3])
        return tf.expandDims<tf.Tensor4D>(tf.sub(tf.div(tf.cast(corner, 'float32'), 127.5), 1), 0)
      })
      const z = network.forward(pixels).dataSync()
      const difference = Math.hypot(...feature.map((value, at) => value - (z[at] ?? NaN)))
      expect(difference / Math.hypot(...feature)).toBeLessThan(1e-3)
    }
  })

  it('gives back the weights it was given, bit for bit', () => {
    const read = create(architecture, { seed: 0, weights }).weights()
    const changed = [...weights].filter(([name, { data }]) => {
      const other = read.get(name)?.data ?? new Float32Array()
      return Buffer.compare(Buffer.from(data.buffer), Buffer.from(other.buffer)) !== 0
    })
    expect(changed).toEqual([])
    expect([...read.keys()]).toEqual([...weights.keys()])
  })
})

describe('a network', () => {
  const architecture = { backbone: 'small-convnet', pooling: 'gap+gmp', head: 4 } as const
  const images: tf.Tensor4D = tf.randomUniform([5, 24, 20, 3], -1, 1, 'float32', 7)

  it('does not depend on how many pictures pass together', () => {
    const onePicture = 12 * 10 * 16 * 4
    const [whole, split] = [2 ** 25, 2 * onePicture].map((chunkBytes) => {
      const network = create(architecture, { seed: 1, chunkBytes })
      const variables = [...network.variables.values()]
      const { value, grads } = tf.variableGrads(
        () => tf.sum<tf.Scalar>(tf.square(network.forward(images))),
        variables,
      )
      return [value, ...Object.values(grads)].flatMap((tensor) => [...tensor.dataSync()])
    })
    expect(split).toHaveLength(whole?.length ?? 0)
    split?.forEach((value, at) => {
      expect(value).toBeCloseTo(whole?.[at] ?? NaN, 3)
    })
  })

  it.each([
    ['mobilenet-v2-0.35', 'blocks.13.'],
    ['mobilenet-v2-0.35', 'embedding.'],
    ['small-convnet', 'conv3.'],
  ])('%s has the same gradients from %s on where the layers before do not learn', (backbone, first) => {
    const network = createNetwork({ backbone, pooling: 'gap', head: 4 }, { seed: 1 })
    const image: tf.Tensor4D = tf.randomUniform([2, 32, 32, 3], -1, 1, 'float32', 5)
    const variables = [...network.variables]
    const learning = variables.slice(variables.findIndex(([name]) => name.startsWith(first)))
    const gradients = () =>
      tf.tidy(() => {
        const { grads } = tf.variableGrads(
          () => tf.sum(tf.square(network.forward(image))),
          learning.map(([, variable]) => variable),
        )
        return learning.map(([, variable]) => Float32Array.from(grads[variable.name]?.dataSync() ?? []))
      })
    const whole = gradients()
    for (const [, variable] of variables) variable.trainable = false
    for (const [, variable] of learning) variable.trainable = true
    const before = tf.memory().numTensors
    expect(gradients()).toEqual(whole)
    expect(tf.memory().numTensors).toBe(before)
    network.dispose()
    image.dispose()
  })

  it.each(['small-convnet', 'mobilenet-v2-1.0'])('%s has the gradients of finite differences', (backbone) => {
    const network = create({ backbone, pooling: 'gap+gmp', head: 4 }, { seed: 2 })
    checkGradients(network, images, {
      rise: 1e-2,
      tensors: /^(conv2|embedding|stem|blocks\.(1|2|13))\b.*weight/,
    })
  })

  it('frees what a step and an embedding needed', () => {
    const network = create(architecture, { seed: 1 })
    const variables = [...network.variables.values()]
    const before = tf.memory().numTensors
    tf.dispose(tf.variableGrads(() => tf.sum<tf.Scalar>(network.forward(images)), variables))
    network.embed(images).dispose()
    network.forward(images).dispose()
    expect(tf.memory().numTensors).toBe(before)
    network.dispose()
    expect(tf.memory().numTensors).toBe(before - variables.length)
  })

  it('embeds in unit length, and a blank embedding in zeros', () => {
    const network = create({ ...architecture, head: null }, { seed: 1 })
    const norms = tf.norm(network.embed(images), 2, 1).dataSync()
    norms.forEach((norm) => {
      expect(norm).toBeCloseTo(1, 5)
    })
    const blank = network.embed(tf.zeros([1, 24, 20, 3])).dataSync()
    expect(Math.max(...blank.map(Math.abs))).toBe(0)
  })

  it('learns to tell two colours apart within seconds', () => {
    const network = create({ backbone: 'small-convnet', pooling: 'gap', head: 1 }, { seed: 4 })
    const noise: tf.Tensor4D = tf.randomUniform([16, 32, 32, 3], -0.3, 0.3, 'float32', 5)
    const shift = tf.tensor4d(
      Array.from({ length: 48 }, (_, at) => (Math.floor(at / 3) % 2 === at % 3 ? 0.6 : 0)),
      [16, 1, 1, 3],
    )
    const target = tf.tensor2d(
      Array.from({ length: 16 }, (_, at) => at % 2),
      [16, 1],
    )
    const loss = (): tf.Scalar => tf.mean(tf.square(tf.sub(network.forward(tf.add(noise, shift)), target)))
    const optimiser = tf.train.adam(0.01)
    const first = loss().dataSync()[0] ?? 0
    for (let step = 0; step < 40; step++) optimiser.minimize(loss)
    expect(loss().dataSync()[0]).toBeLessThan(first / 20)
  })
})
