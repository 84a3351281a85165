import { describe, expect, it } from 'vitest'
import type { Architecture } from '../../src/bundles/manifest.js'
import { architectureGraph } from '../../src/networks/architecture-graph.js'
import { initialWeights } from '../../src/networks/initialise.js'
import { checkWeights, parametersOf, withoutHead } from '../../src/networks/parameters.js'
import type { NamedTensor } from '../../src/networks/tensor-map.js'

const small: Architecture = { backbone: 'small-convnet', pooling: 'gap', head: 8 }
const graph = architectureGraph(small)

describe('architecture', () => {
  it.each([
    ['mobilenet-v2-1.0', 'gap', null, 1280],
    ['mobilenet-v2-1.0', 'gap+gmp', null, 2560],
    ['mobilenet-v2-1.0', 'gap+gmp', 128, 128],
    ['mobilenet-v2-0.35', 'gap', null, 1280],
    ['mobilenet-v2-1.4', 'gap', null, 1792],
    ['mobilenet-v2-1.4-torch', 'gap', null, 1792],
    ['resnet-50', 'gap', null, 2048],
    ['small-convnet', 'gap', 16, 16],
  ] as const)('%s with %s and head %s embeds in %s dimensions', (backbone, pooling, head, dimensions) => {
    expect(architectureGraph({ backbone, pooling, head }).dimensions).toBe(dimensions)
  })

  it('MobileNetV2 has 53 convolutions less the classifier, and 2.2 million values', () => {
    const parameters = parametersOf(
      architectureGraph({ backbone: 'mobilenet-v2-1.0', pooling: 'gap', head: null }),
    )
    expect(parameters).toHaveLength(2 * 52)
    const values = parameters.reduce(
      (sum, { shape }) => sum + shape.reduce((size, side) => size * side, 1),
      0,
    )
    expect(values).toBe(2_206_816)
  })

  it.each([
    ['0.35', '1.68'],
    ['0.5', '1.97'],
    ['0.75', '2.64'],
    ['1.0', '3.50'],
    ['1.4', '6.11'],
  ])('MobileNetV2 of width %s has the %s million values of the published one', (width, millions) => {
    const graph = architectureGraph({ backbone: `mobilenet-v2-${width}`, pooling: 'gap', head: null })
    const sizes = parametersOf(graph).map(({ shape, role }) => {
      const size = shape.reduce((product, side) => product * side, 1)
      // A folded bias takes the place of BatchNorm's scale and shift.
      return role === 'bias' ? 2 * size : size
    })
    const classifier = 1000 * (graph.dimensions + 1)
    const values = sizes.reduce((sum, size) => sum + size, classifier)
    expect((values / 1e6).toFixed(2)).toBe(millions)
  })

  it.each([
    [{ ...small, backbone: 'resnet-9000' }, 'backbone'],
    [{ ...small, backbone: 'mobilenet-v2-1.40' }, 'backbone'],
    [{ ...small, backbone: 'mobilenet-v2-1' }, 'backbone'],
    [{ ...small, backbone: 'mobilenet-v2-9.0' }, 'backbone'],
    [{ ...small, backbone: 'mobilenet-v2-0.05' }, 'backbone'],
    [{ ...small, backbone: 'toString' }, 'backbone'],
    [{ ...small, head: 0 }, 'head'],
    [{ ...small, head: 1.5 }, 'head'],
  ])('refuses %o', (architecture, named) => {
    expect(() => architectureGraph(architecture)).toThrow(named)
  })
})

describe('starting weights', () => {
  it('repeat for a seed and differ for another', () => {
    const value = (seed: number): number[] => [
      ...(initialWeights(graph, seed).get('conv2.weight')?.data ?? []),
    ]
    expect(value(1)).toEqual(value(1))
    expect(value(1)).not.toEqual(value(2))
  })

  it('have the variance of He et al. and no mean; biases are zero', () => {
    const weights = initialWeights(architectureGraph({ ...small, backbone: 'mobilenet-v2-1.0' }), 3)
    const data = weights.get('blocks.16.project.weight')?.data ?? new Float32Array()
    const mean = data.reduce((sum, x) => sum + x, 0) / data.length
    const variance = data.reduce((sum, x) => sum + x * x, 0) / data.length
    expect(Math.abs(mean)).toBeLessThan(1e-3)
    expect(variance * (960 / 2)).toBeCloseTo(1, 1)
    expect(Math.max(...(weights.get('stem.bias')?.data ?? [1]))).toBe(0)
  })

  it('of one layer do not depend on the others', () => {
    const wide = architectureGraph({ ...small, pooling: 'gap+gmp', head: 99 })
    expect(initialWeights(wide, 5).get('conv3.weight')).toEqual(initialWeights(graph, 5).get('conv3.weight'))
  })
})

describe('weights given to a network', () => {
  const weights = initialWeights(graph, 1)
  const changed = (name: string, tensor?: NamedTensor): Map<string, NamedTensor> => {
    const copy = new Map(weights)
    if (tensor === undefined) copy.delete(name)
    else copy.set(name, tensor)
    return copy
  }

  it('may lack the head where it is to be learnt, and only there', () => {
    const backboneOnly = withoutHead(weights)
    expect(() => {
      checkWeights(graph, backboneOnly, { headMayLack: true })
    }).not.toThrow()
    expect(() => {
      checkWeights(graph, backboneOnly)
    }).toThrow('lack embedding.weight')
  })

  it.each([
    ['a missing tensor', changed('conv1.bias'), 'lack conv1.bias'],
    ['an unknown tensor', changed('conv9.bias', { shape: [1], data: new Float32Array(1) }), 'conv9.bias'],
    ['another shape', changed('conv1.bias', { shape: [4, 4], data: new Float32Array(16) }), '[4, 4]'],
    ['NaN', changed('conv1.bias', { shape: [16], data: new Float32Array(16).fill(NaN) }), 'not finite'],
  ])('are refused for %s', (_, wrong, message) => {
    expect(() => {
      checkWeights(graph, wrong, { headMayLack: true })
    }).toThrow(message)
  })
})
