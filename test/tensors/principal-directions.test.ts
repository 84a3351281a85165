import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/datasets/random.js'
import { normal } from '../../src/losses/normal.js'
import { principalDirections } from '../../src/tensors/principal-directions.js'
import { tf } from '../../src/tensors/tensorflow.js'

/** Rows whose coordinates have these deviations, turned by a rotation in the planes of neighbours. */
function spreadRows(deviations: readonly number[], count: number): number[][] {
  const random = createRandom(3)
  return Array.from({ length: count }, () => {
    const row = deviations.map((deviation) => deviation * normal(random))
    for (let i = 0; i + 1 < row.length; i++) {
      const [a = 0, b = 0] = [row[i], row[i + 1]]
      row[i] = 0.8 * a - 0.6 * b
      row[i + 1] = 0.6 * a + 0.8 * b
    }
    return row
  })
}

function directions(rows: number[][], count: number): number[][] {
  const tensor = tf.tensor2d(rows)
  const width = rows[0]?.length ?? 0
  const flat = principalDirections(tensor, count, createRandom(1))
  tensor.dispose()
  return Array.from({ length: count }, (_, i) => [...flat.subarray(i * width, (i + 1) * width)])
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0)
const energy = (rows: number[][]): number => rows.reduce((sum, row) => sum + dot(row, row), 0)
const kept = (rows: number[][], axes: number[][]): number =>
  energy(rows.map((row) => axes.map((axis) => dot(row, axis))))

function expectOrthonormal(axes: number[][]): void {
  axes.forEach((a, i) => {
    axes.forEach((b, j) => {
      expect(dot(a, b)).toBeCloseTo(Number(i === j), 5)
    })
  })
}

describe('principalDirections', () => {
  it('keep what the widest directions hold, and no more is to be had', () => {
    const deviations = [5, 4, 3, ...new Array<number>(37).fill(0.1)]
    const rows = spreadRows(deviations, 400)
    const axes = directions(rows, 3)
    expectOrthonormal(axes)
    const wide = 25 + 16 + 9
    expect(kept(rows, axes) / energy(rows)).toBeGreaterThan(0.999 * (wide / (wide + 0.37)))
  })

  it('are at right angles also where the rows span fewer', () => {
    const rows = spreadRows([2, 1, ...new Array<number>(8).fill(0)], 50)
    const axes = directions(rows, 6)
    expectOrthonormal(axes)
    expect(kept(rows, axes) / energy(rows)).toBeCloseTo(1, 4)
  })

  it('are as many as the width at most, and keep everything then', () => {
    const rows = spreadRows([1, 2, 3, 4, 5], 20)
    const axes = directions(rows, 5)
    expectOrthonormal(axes)
    expect(kept(rows, axes) / energy(rows)).toBeCloseTo(1, 4)
  })

  it('depend on the rows alone, and leave no tensor behind', () => {
    const rows = spreadRows([3, 2, 1, 0.5], 30)
    const before = tf.memory().numTensors
    expect(directions(rows, 2)).toEqual(directions(rows, 2))
    expect(tf.memory().numTensors).toBe(before)
  })
})
