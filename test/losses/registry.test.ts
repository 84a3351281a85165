import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/datasets/random.js'
import { createLoss, knownLosses, resolveLossParams } from '../../src/losses/registry.js'
import { tf } from '../../src/tensors/tensorflow.js'

const sizes = (seed: number) => ({ classes: 50, dimensions: 16, random: createRandom(seed) })

describe('the registry of losses', () => {
  it('documents every loss and every parameter', () => {
    for (const loss of knownLosses()) {
      expect(loss.summary).not.toBe('')
      expect(loss.source).not.toBe('')
      for (const param of Object.values(loss.params)) expect(param.description).not.toBe('')
    }
  })

  it('fills in defaults', () => {
    expect(resolveLossParams('proxy-anchor', { alpha: 16 })).toEqual({ alpha: 16, margin: 0.1 })
  })

  it('refuses an unknown loss and lists the known ones', () => {
    expect(() => createLoss('proxy-ancor', {}, sizes(0))).toThrow(
      expect.objectContaining({
        code: 'INVALID_SETTING',
        hint: expect.stringContaining('proxy-anchor') as string,
      }),
    )
  })

  it('refuses an unknown parameter and lists the known ones', () => {
    expect(() => createLoss('proxy-anchor', { scale: 1 }, sizes(0))).toThrow(
      expect.objectContaining({
        code: 'INVALID_SETTING',
        hint: expect.stringContaining('alpha, margin') as string,
      }),
    )
  })

  it('starts its variables from the seed alone, with the spread the loss was published with', () => {
    const proxiesOf = (seed: number): Float32Array => {
      const loss = createLoss('proxy-anchor', {}, sizes(seed))
      const values = loss.variables.get('proxies')?.dataSync() ?? []
      loss.dispose()
      return Float32Array.from(values)
    }
    const values = proxiesOf(1)
    expect(proxiesOf(1)).toEqual(values)
    expect(proxiesOf(2)).not.toEqual(values)
    const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length
    expect(Math.sqrt(variance)).toBeCloseTo(Math.sqrt(2 / 50), 1)
  })

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors
    createLoss('proxy-anchor', {}, sizes(0)).dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
