import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Objective } from '../../src/losses/objective.js'
import { tinyObjective } from '../losses/tiny-objective.js'
import { createNetwork } from '../../src/networks/create-network.js'
import type { Network } from '../../src/networks/network.js'
import { tf } from '../../src/tensors/tensorflow.js'
import { createOptimiser, type Optimiser } from '../../src/training/optimiser.js'

const settings = { train: 'all', headRateFactor: 2, lossRateFactor: 100, weightDecay: 0.1, clipNorm: 1 }

describe('createOptimiser', () => {
  let network: Network
  let loss: Objective
  let optimiser: Optimiser
  beforeEach(() => {
    network = createNetwork({ backbone: 'small-convnet', pooling: 'gap', head: 4 }, { seed: 1 })
    loss = tinyObjective({ loss: 'proxy-anchor' }, { seed: 1 })
    optimiser = createOptimiser(network, loss, settings)
  })
  afterEach(() => {
    optimiser.dispose()
    loss.dispose()
    network.dispose()
  })

  const find = (name: string): tf.Variable => {
    const variable = network.variables.get(name) ?? loss.variables.get(name)
    if (variable === undefined) throw new Error(`no variable ${name}`)
    return variable
  }
  const valuesOf = (name: string): number[] => [...find(name).dataSync()]
  /** One step in which every variable has the same gradient in all places. */
  const step = (gradient: number, rate: number): number =>
    tf.tidy(() => {
      const gradients = optimiser
        .learning(false)
        .map((variable) => [variable.name, tf.fill(variable.shape, gradient)] as const)
      return optimiser.step(Object.fromEntries(gradients), rate)
    })

  it('decays kernels, and neither biases nor proxies', () => {
    const names = ['conv1.weight', 'embedding.weight', 'conv1.bias', 'proxies']
    const ones = names.map((name) => tf.onesLike(find(name)))
    names.forEach((name, i) => {
      const one = ones[i]
      if (one !== undefined) find(name).assign(one)
    })
    step(0, 0.5)
    expect(names.map((name) => valuesOf(name)[0])).toEqual([
      expect.closeTo(1 - 0.5 * 0.1),
      expect.closeTo(1 - 0.5 * 2 * 0.1),
      1,
      1,
    ])
    tf.dispose(ones)
  })

  it('moves head and proxies at their own rates', () => {
    const names = ['conv1.bias', 'embedding.bias', 'proxies']
    const before = names.map((name) => valuesOf(name)[0] ?? NaN)
    step(1e-3, 1e-4)
    const moved = names.map((name, i) => (before[i] ?? NaN) - (valuesOf(name)[0] ?? NaN))
    // The first step of Adam is as long as the rate, whatever the gradient.
    expect(moved).toEqual([expect.closeTo(1e-4, 6), expect.closeTo(2e-4, 6), expect.closeTo(1e-2, 4)])
  })

  it('leaves the backbone out while it is frozen', () => {
    const learning = optimiser.learning(true)
    expect(learning).toEqual([find('embedding.weight'), find('embedding.bias'), find('proxies')])
    expect(optimiser.learning(false)).toHaveLength(network.variables.size + 1)
  })

  it('gives the norm of the gradient before clipping', () => {
    const values = [...network.variables.values(), ...loss.variables.values()]
    const count = values.reduce((sum, { size }) => sum + size, 0)
    expect(step(0.5, 0)).toBeCloseTo(0.5 * Math.sqrt(count), 2)
  })

  it('refuses a gradient that is no number, and moves nothing', () => {
    const before = valuesOf('proxies')
    expect(() => step(NaN, 1)).toThrow(expect.objectContaining({ code: 'TRAINING_DIVERGED' }))
    expect(valuesOf('proxies')).toEqual(before)
  })

  it('goes on after a restore as if nothing had happened', () => {
    step(0.1, 1e-3)
    const saved = optimiser.tensors()
    const weights = network.weights()
    step(-0.3, 1e-3)
    const expected = [valuesOf('conv1.weight'), valuesOf('proxies')]

    const other = createNetwork(network.architecture, { seed: 9, weights })
    const otherLoss = tinyObjective({ loss: 'proxy-anchor' }, { seed: 9 })
    const resumed = createOptimiser(other, otherLoss, settings)
    resumed.restore(saved)
    ;[network, loss, optimiser].forEach((one) => {
      one.dispose()
    })
    ;[network, loss, optimiser] = [other, otherLoss, resumed]
    step(-0.3, 1e-3)
    expect([valuesOf('conv1.weight'), valuesOf('proxies')]).toEqual(expected)
  })

  it('refuses a checkpoint that lacks a part', () => {
    const saved = optimiser.tensors()
    expect(() => {
      optimiser.restore({ ...saved, loss: new Map() })
    }).toThrow(expect.objectContaining({ code: 'WEIGHTS_INVALID' }))
  })
})
