import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/datasets/random.js'
import { normal } from '../../src/losses/normal.js'
import { tf } from '../../src/tensors/tensorflow.js'

export type Matrix = number[][]

export interface CheckedLoss {
  /** The code under test. @param inputs embeddings, then what else it is differentiable in */
  ours: (inputs: tf.Tensor2D[], labels: Int32Array) => tf.Scalar
  /** The same by plain loops in float64, term by term as the paper writes it. */
  oracle: (inputs: Matrix[], labels: number[]) => number
  /** Inputs beside the embeddings, of any batch whose labels are below 6. */
  others?: (random: () => number, dimensions: number) => Matrix[]
}

export interface Batch {
  inputs: Matrix[]
  labels: number[]
}

export function evaluate(ours: CheckedLoss['ours'], { inputs, labels }: Batch) {
  return tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) =>
      ours(tensors as tf.Tensor2D[], Int32Array.from(labels)),
    )(inputs.map((input) => tf.tensor2d(input)))
    return { value: value.dataSync()[0] ?? NaN, gradients: grads.map((grad) => grad.arraySync() as Matrix) }
  })
}

export const randomMatrix = (random: () => number, rows: number, width: number): Matrix =>
  Array.from({ length: rows }, () => Array.from({ length: width }, () => normal(random)))

export const largest = (matrix: Matrix): number =>
  matrix.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0)

export const largestDifference = (a: Matrix, b: Matrix): number =>
  largest(a.map((row, i) => row.map((x, j) => x - (b[i]?.[j] ?? NaN))))

/** Central differences of a function of matrices by one of them. */
export function numericGradient(of: (inputs: Matrix[]) => number, inputs: Matrix[], by: number): Matrix {
  const step = 1e-5
  const moved = (i: number, j: number, move: number): number =>
    of(
      inputs.map((input, at) =>
        at !== by ? input : input.map((row, k) => row.map((x, l) => (k === i && l === j ? x + move : x))),
      ),
    )
  return (inputs[by] ?? []).map((row, i) =>
    row.map((_, j) => (moved(i, j, step) - moved(i, j, -step)) / (2 * step)),
  )
}

/** What holds for every loss: it is its formula, with its gradient, and no batch from data makes it NaN. */
export function checkLoss(name: string, { ours, oracle, others = () => [] }: CheckedLoss): void {
  const dimensions = 6
  const batch = (
    seed: number,
    labels: number[],
    change: (rows: Matrix) => Matrix = (rows) => rows,
  ): Batch => {
    const random = createRandom(seed)
    const embeddings = change(randomMatrix(random, labels.length, dimensions))
    return { labels, inputs: [embeddings, ...others(random, dimensions)] }
  }
  const sameRows = (rows: Matrix): Matrix => rows.map(() => [...(rows[0] ?? [])])
  const batches: [string, Batch][] = [
    ['several classes', batch(1, [0, 1, 2, 0, 1, 2, 4, 0])],
    ['two classes of many', batch(2, [3, 3, 3, 5, 5, 5, 5])],
    ['one class', batch(3, [3, 3, 3, 3])],
    ['no two of a class', batch(4, [0, 1, 2, 3])],
    ['two images of a class', batch(5, [2, 2])],
    ['two images of two classes', batch(6, [0, 1])],
    ['one image', batch(7, [1])],
    [
      'duplicates within a class',
      batch(8, [0, 0, 1, 1], (rows) => [...sameRows(rows.slice(0, 2)), ...rows.slice(2)]),
    ],
    ['duplicates across classes', batch(9, [0, 0, 1, 1], sameRows)],
    ['a zero embedding', batch(10, [0, 0, 1, 1], ([, ...rows]) => [[0, 0, 0, 0, 0, 0], ...rows])],
    ['large embeddings', batch(11, [0, 0, 1, 1, 2, 2], (rows) => rows.map((row) => row.map((x) => 200 * x)))],
  ]

  describe(name, () => {
    it.each(batches)('equals plain loops for %s, with a finite gradient', (_, one) => {
      const { value, gradients } = evaluate(ours, one)
      const reference = oracle(one.inputs, one.labels)
      // 1e-6: distances of duplicates are the root of the clamp there.
      expect(Math.abs(value - reference)).toBeLessThanOrEqual(1e-5 * Math.abs(reference) + 2e-6)
      expect(gradients.flat(2).every(Number.isFinite)).toBe(true)
    })

    it.each(batches.slice(0, 2))('has the gradient of finite differences for %s', (_, one) => {
      evaluate(ours, one).gradients.forEach((gradient, by) => {
        const numeric = numericGradient((inputs) => oracle(inputs, one.labels), one.inputs, by)
        expect(largest(numeric)).toBeGreaterThan(0)
        expect(largestDifference(gradient, numeric)).toBeLessThanOrEqual(1e-4 * largest(numeric))
      })
    })

    it.each([NaN, Infinity])('is NaN, and its gradient is not, where an embedding holds %s', (bad) => {
      const one = batch(12, [0, 0, 1, 1], ([first = [], ...rows]) => [[bad, ...first.slice(1)], ...rows])
      const { value, gradients } = evaluate(ours, one)
      expect(value).toBeNaN()
      expect(gradients.flat(2).every((part) => part === 0)).toBe(true)
    })
  })
}
