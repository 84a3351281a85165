import { describe, expect, it } from 'vitest'
import { knownDistances } from '../../src/losses/distances/registry.js'
import { findLoss, findRegulariser, knownLosses, knownRegularisers } from '../../src/losses/registry.js'
import { resolveObjective } from '../../src/losses/objective.js'
import { tf } from '../../src/tensors/tensorflow.js'
import { plainObjective, tinyObjective } from './tiny-objective.js'

const refusal = (hint: string) =>
  expect.objectContaining({ code: 'INVALID_SETTING', hint: expect.stringContaining(hint) as string }) as Error

describe('the registry of losses', () => {
  it('has every loss and regulariser under a name of its own', () => {
    expect(knownLosses().map(({ name }) => name)).toEqual([
      'contrastive',
      'triplet',
      'margin',
      'multi-similarity',
      'supcon',
      'proxy-anchor',
      'proxy-nca',
      'arcface',
      'normalized-softmax',
      'ghm-pair',
      'ghm-triplet',
    ])
    expect(knownRegularisers().map(({ name }) => name)).toEqual(['lsd', 'ranking', 'ghm'])
  })

  it('documents every loss, every regulariser and every parameter', () => {
    for (const { summary, source, params } of [...knownLosses(), ...knownRegularisers()]) {
      expect(summary).not.toBe('')
      expect(source).not.toBe('')
      for (const param of Object.values(params)) expect(param.description).not.toBe('')
    }
  })

  it('documents every distance', () => {
    expect(knownDistances().map(({ name }) => name)).toEqual(['euclidean', 'ghm'])
    for (const { summary, params } of knownDistances()) {
      expect(summary).not.toBe('')
      for (const param of Object.values(params)) expect(param.description).not.toBe('')
    }
  })

  it('accepts its own defaults', () => {
    for (const { name, params } of knownLosses()) {
      const lossParams = Object.fromEntries(
        Object.entries(params).map(([param, { default: value }]) => [param, value]),
      )
      const resolved = resolveObjective({ ...plainObjective, loss: name, lossParams })
      expect(resolved.loss).toEqual({ name, params: lossParams })
    }
  })

  it('refuses an unknown name and lists the known ones', () => {
    expect(() => findLoss('proxy-ancor')).toThrow(refusal('proxy-anchor'))
    expect(() => findRegulariser('lds')).toThrow(refusal('lsd, ranking, ghm'))
  })

  it.each(knownLosses().map(({ name }) => name))('makes %s with a gradient for every variable', (loss) => {
    const before = tf.memory().numTensors
    const objective = tinyObjective({ loss }, { classes: 4, dimensions: 8 })
    const variables = [...objective.variables.values()]
    tf.tidy(() => {
      const embeddings = tf.variable(tf.randomNormal([8, 8], 0, 1, 'float32', 1))
      const { value, grads } = tf.variableGrads(
        () =>
          objective.value({
            embeddings: embeddings as tf.Tensor2D,
            labels: Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3),
            teacher: null,
            progress: 0,
            random: () => () => 0.5,
          }).total,
        [embeddings, ...variables],
      )
      expect(value.dataSync()[0]).toBeGreaterThan(0)
      for (const { name } of [embeddings, ...variables]) {
        expect([...(grads[name]?.dataSync() ?? [])].some((value) => value !== 0)).toBe(true)
      }
      embeddings.dispose()
    })
    objective.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
