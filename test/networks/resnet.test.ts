import { afterEach, describe, expect, it } from 'vitest'
import type { Architecture } from '../../src/bundles/manifest.js'
import { architectureGraph, embeddingGraph } from '../../src/networks/architecture-graph.js'
import { compareEmbeddings } from '../../src/networks/compare-embeddings.js'
import { networkOf } from '../../src/networks/create-network.js'
import type { Network } from '../../src/networks/network.js'
import { exportGraph } from '../../src/networks/onnx/export-onnx.js'
import { parametersOf } from '../../src/networks/parameters.js'
import { resNet } from '../../src/networks/resnet.js'
import { tf } from '../../src/tensors/tensorflow.js'
import { checkGradients } from './check-gradients.js'
import { runExport, split } from './run-export.js'

/** Every kind of layer of ResNet-50, in two stages of few channels. */
const architecture: Architecture = { backbone: 'resnet-50', pooling: 'gap+gmp', head: 4 }
const graph = embeddingGraph(resNet([1, 2], 4), architecture)

const open: Network[] = []
const create = (chunkBytes?: number): Network => {
  const network = networkOf(architecture, graph, { seed: 3, ...(chunkBytes !== undefined && { chunkBytes }) })
  open.push(network)
  return network
}
afterEach(() => {
  open.splice(0).forEach((network) => {
    network.dispose()
  })
})

const pictures = (height: number, width: number): tf.Tensor4D =>
  tf.randomUniform([3, height, width, 3], -1, 1, 'float32', 8)

describe('ResNet', () => {
  it('of 50 layers has the 23.5 million values that were published, less the classifier', () => {
    const parameters = parametersOf(architectureGraph({ backbone: 'resnet-50', pooling: 'gap', head: null }))
    const values = (of: readonly (typeof parameters)[number][]): number =>
      of.reduce((sum, { shape }) => sum + shape.reduce((size, side) => size * side, 1), 0)
    expect(parameters).toHaveLength(2 * 53)
    // 25,557,032 with the classifier's 2,049,000; a folded bias takes the place of BatchNorm's scale and shift.
    const biases = values(parameters.filter(({ role }) => role === 'bias'))
    expect(values(parameters) + biases).toBe(25_557_032 - 2_049_000)
  })

  it.each([
    [32, 64],
    [33, 47],
  ])('embeds %i x %i pixels in ONNX Runtime as in TensorFlow', async (height, width) => {
    const network = create()
    const images = pictures(height, width)
    const exported = exportGraph('small-resnet', graph, network.weights(), { width, height })
    const trained = split(Float32Array.from(network.embed(images).dataSync()), network.dimensions)
    expect(compareEmbeddings(trained, await runExport(exported, images))).toBeLessThan(1e-5)
  })

  it('has the gradients of finite differences in every tensor', () => {
    checkGradients(create(), pictures(32, 32), { rise: 2e-3 })
  })

  it('does not depend on how many pictures pass together, and leaves no tensor behind', () => {
    const images = pictures(32, 32)
    const [whole = [], split = []] = [2 ** 25, 16 * 16 * 4 * 4].map((chunkBytes) => {
      const network = create(chunkBytes)
      const before = tf.memory().numTensors
      const { value, grads } = tf.variableGrads(
        () => tf.sum<tf.Scalar>(tf.square(network.forward(images))),
        [...network.variables.values()],
      )
      const values = [value, ...Object.values(grads)].flatMap((tensor) => [...tensor.dataSync()])
      tf.dispose([value, grads])
      network.embed(images).dispose()
      expect(tf.memory().numTensors).toBe(before)
      return values
    })
    const largest = Math.max(...whole.map(Math.abs))
    expect(whole.every((value, at) => Math.abs(value - (split[at] ?? NaN)) <= 1e-5 * largest)).toBe(true)
  })
})
