import { describe, expect, it } from 'vitest'
import { logOnePlusSumExp } from '../../src/losses/log-one-plus-sum-exp.js'
import { tf } from '../../src/tensors/tensorflow.js'

const of = (terms: number[], mask?: boolean[]) =>
  tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
      tf.sum(
        logOnePlusSumExp(x as tf.Tensor2D, {
          axis: 1,
          ...(mask && { mask: tf.tensor2d([mask.map(Number)], undefined, 'bool') }),
        }),
      ),
    )(tf.tensor2d([terms]))
    return { value: value.dataSync()[0] ?? NaN, gradient: [...grad.dataSync()] }
  })

describe('log(1 + sum exp)', () => {
  it('keeps the digits of small sums', () => {
    expect(of([-20, -21]).value / Math.log1p(Math.exp(-20) + Math.exp(-21))).toBeCloseTo(1, 5)
  })

  it('does not overflow', () => {
    const { value, gradient } = of([3000, 2999])
    expect(value).toBeCloseTo(3000 + Math.log(1 + Math.exp(-1)), 2)
    expect(gradient[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 4)
  })

  it('counts what the mask holds, and is 0 without any', () => {
    expect(of([0, 5], [true, false]).value).toBeCloseTo(Math.log(2), 6)
    expect(of([0, 5], [false, false])).toEqual({ value: 0, gradient: [0, 0] })
  })

  it('is NaN where a term is', () => {
    expect(of([NaN, 1]).value).toBeNaN()
  })
})
