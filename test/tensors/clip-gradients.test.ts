import { describe, expect, it } from 'vitest'
import { clipGradients } from '../../src/tensors/clip-gradients.js'
import { tf } from '../../src/tensors/tensorflow.js'

const gradients = new Map<string, tf.Tensor>([
  [
    'a',
    tf.tensor2d([
      [3, 0],
      [0, 0],
    ]),
  ],
  ['b', tf.tensor1d([0, -4])],
])

describe('clipGradients', () => {
  it('scales all gradients together to the norm allowed', () => {
    const { gradients: clipped, norm } = clipGradients(gradients, 1)
    expect(norm).toBeCloseTo(5, 6)
    expect([...(clipped.get('a')?.dataSync() ?? [])][0]).toBeCloseTo(0.6, 6)
    expect([...(clipped.get('b')?.dataSync() ?? [])][1]).toBeCloseTo(-0.8, 6)
  })

  it('hands back what is short enough', () => {
    expect(clipGradients(gradients, 5.01)).toMatchObject({ gradients, clipped: false })
  })

  it('reports a norm that is not finite and changes nothing', () => {
    const broken = new Map<string, tf.Tensor>([['a', tf.tensor1d([1, NaN])]])
    expect(clipGradients(broken, 1)).toEqual({ gradients: broken, norm: NaN, clipped: false })
  })

  it('takes no gradients for a norm of zero', () => {
    expect(clipGradients(new Map(), 1).norm).toBe(0)
  })
})
