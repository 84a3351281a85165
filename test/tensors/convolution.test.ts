import { describe, expect, it } from 'vitest'
import { convolve, convolveBackward, type Convolution } from '../../src/tensors/convolution.js'
import { tf } from '../../src/tensors/tensorflow.js'

interface Case extends Convolution {
  readonly kernel: number
  readonly inChannels: number
  readonly outChannels: number
  readonly sides: readonly [number, number]
}

const plain = {
  kernel: 3,
  stride: 1,
  depthwise: false,
  inChannels: 3,
  outChannels: 5,
  sides: [7, 6],
} as const
const cases: Case[] = [
  { ...plain, activation: 'relu6' },
  { ...plain, activation: 'relu', stride: 2 },
  { ...plain, activation: 'none', stride: 2, sides: [6, 7] },
  { ...plain, activation: 'relu6', kernel: 1 },
  { ...plain, activation: 'none', kernel: 1 },
  { ...plain, activation: 'relu6', kernel: 1, stride: 2 },
  { ...plain, activation: 'relu6', depthwise: true, outChannels: 3 },
  { ...plain, activation: 'relu6', depthwise: true, outChannels: 3, stride: 2 },
]

/** The same step out of tfjs's own operations, whose gradients tfjs records. */
function slowConvolve(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D, how: Convolution): tf.Tensor {
  const convolved = (how.depthwise ? tf.depthwiseConv2d : tf.conv2d)(x, filter, how.stride, 'same')
  const biased = tf.add(convolved, bias)
  if (how.activation === 'none') return biased
  return how.activation === 'relu' ? tf.relu(biased) : tf.relu6(biased)
}

function inputsOf({ kernel, inChannels, outChannels, depthwise, sides }: Case): {
  x: tf.Tensor4D
  filter: tf.Tensor4D
  bias: tf.Tensor1D
} {
  return {
    x: tf.randomNormal([2, ...sides, inChannels], 0, 2, 'float32', 1),
    filter: tf.randomNormal([kernel, kernel, inChannels, depthwise ? 1 : outChannels], 0, 1, 'float32', 2),
    bias: tf.randomNormal([outChannels], 1, 2, 'float32', 3),
  }
}

function expectSame(found: tf.Tensor | undefined, wanted: tf.Tensor): void {
  if (found === undefined) throw new Error('nothing to compare')
  expect(found.shape).toEqual(wanted.shape)
  expect(tf.max(tf.abs(tf.sub(found, wanted))).dataSync()[0]).toBeLessThan(1e-4)
}

describe.each(cases)(
  'convolution: kernel $kernel, stride $stride, depthwise $depthwise, $activation, sides $sides',
  (how) => {
    const { x, filter, bias } = inputsOf(how)
    const y = convolve(x, filter, bias, how)

    it('gives what tfjs gives', () => {
      expectSame(y, slowConvolve(x, filter, bias, how))
    })

    it('has the gradients that tfjs has', () => {
      const dy = tf.randomNormal(y.shape, 0, 1, 'float32', 4)
      const slow = tf.grads((...args) => {
        const [a, b, c] = args as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D]
        return slowConvolve(a, b, c, how)
      })
      const [byX, byFilter, byBias] = slow([x, filter, bias], dy) as [tf.Tensor, tf.Tensor, tf.Tensor]
      const found = convolveBackward(dy, { x, filter, y }, how, true)
      expectSame(found.x, byX)
      expectSame(found.filter, byFilter)
      expectSame(found.bias, byBias)
    })

    it('keeps no tensors but its results, and no gradient by x where none is wanted', () => {
      const dy = tf.ones(y.shape)
      const { numTensors } = tf.memory()
      const { x: byX } = convolveBackward(dy, { x, filter, y }, how, false)
      convolve(x, filter, bias, how).dispose()
      expect(byX).toBeUndefined()
      expect(tf.memory().numTensors).toBe(numTensors + 2)
    })
  },
)
