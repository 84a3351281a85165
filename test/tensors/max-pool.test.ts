import { describe, expect, it } from 'vitest'
import { maxPool, maxPoolBackward } from '../../src/tensors/max-pool.js'
import { tf } from '../../src/tensors/tensorflow.js'

/** One channel; windows of 3 with stride 2, each listed with its values. */
function plainPool(x: number[][], dy: number[][]): { y: number[][]; dx: number[][] } {
  const dx = x.map((row) => row.map(() => 0))
  const y = dy.map((row, top) =>
    row.map((gradient, left) => {
      let best = { value: -Infinity, row: 0, column: 0 }
      for (const at of [2 * top - 1, 2 * top, 2 * top + 1]) {
        for (const column of [2 * left - 1, 2 * left, 2 * left + 1]) {
          const value = x[at]?.[column]
          if (value !== undefined && value > best.value) best = { value, row: at, column }
        }
      }
      const winner = dx[best.row]
      if (winner !== undefined) winner[best.column] = (winner[best.column] ?? 0) + gradient
      return best.value
    }),
  )
  return { y, dx }
}

describe('max pooling with symmetric padding', () => {
  it.each([
    ['even sides', 6, 4],
    ['odd sides', 5, 7],
  ])('gives the largest of each window, and the gradient to it: %s', (_, height, width) => {
    // All below zero, so that padding of zeros would show.
    const rows = Array.from({ length: height }, (_row, i) =>
      Array.from({ length: width }, (_column, j) => -1 - ((7 * i + 5 * j) % 11) - 0.01 * (i + 10 * j)),
    )
    const ofY = Array.from({ length: Math.ceil(height / 2) }, (_row, i) =>
      Array.from({ length: Math.ceil(width / 2) }, (_column, j) => 1 + i - 0.5 * j),
    )
    const { y, dx } = plainPool(rows, ofY)
    const how = { kernel: 3, stride: 2 }
    const x = tf.tensor4d(rows.flat(), [1, height, width, 1])
    const dy = tf.tensor4d(ofY.flat(), [1, ofY.length, Math.ceil(width / 2), 1])
    const pooled = maxPool(x, how)
    expect(pooled.shape).toEqual(dy.shape)
    expect([...pooled.dataSync()]).toEqual([...Float32Array.from(y.flat())])
    expect([...maxPoolBackward(dy, { x, y: pooled }, how).dataSync()]).toEqual(dx.flat())
  })
})
