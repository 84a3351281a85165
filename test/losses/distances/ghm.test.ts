import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contrastive } from '../../../src/losses/contrastive.js'
import { euclidean } from '../../../src/losses/distances/euclidean.js'
import { ghmDistance, type GhmSettings } from '../../../src/losses/distances/ghm.js'
import type { tf } from '../../../src/tensors/tensorflow.js'
import { evaluate, largestDifference, type Matrix } from '../check-loss.js'
import * as plain from '../plain.js'

const width = 5
const embedding = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: width, maxLength: width })
/** Three embeddings that have a direction. */
const three = fc
  .tuple(embedding, embedding, embedding)
  .filter((rows) => rows.every((row) => plain.dot(row, row) > 1e-3))
const settings = fc.record({
  lambda: fc.double({ min: 0.01, max: 1, noNaN: true }),
  temperature: fc.double({ min: 0.2, max: 5, noNaN: true }),
  divergence: fc.constantFrom('js' as const, 'hellinger' as const),
})

function between(rows: Matrix, of: GhmSettings): (i: number, j: number) => number {
  const { distances } = ghmDistance(of).between({
    values: Float64Array.from(rows.flat()),
    count: rows.length,
    width,
  })
  return (i, j) => distances.get(i, j)
}

describe('the hybrid distance', () => {
  it('is a metric in [0, 1] to 1e-3', () => {
    fc.assert(
      fc.property(three, settings, (rows, of) => {
        const d = between(rows, of)
        for (const [i, j, k] of [
          [0, 1, 2],
          [1, 2, 0],
          [2, 0, 1],
        ] as const) {
          expect(d(i, i)).toBe(0)
          expect(d(i, j)).toBe(d(j, i))
          expect(d(i, j)).toBeGreaterThanOrEqual(0)
          expect(d(i, j)).toBeLessThanOrEqual(1 + 1e-3)
          expect(d(i, k)).toBeLessThanOrEqual(d(i, j) + d(j, k) + 1e-3)
        }
      }),
    )
  })

  it('tells different directions apart, and only those', () => {
    fc.assert(
      fc.property(three, settings, ([a, b], of) => {
        const d = between([a, b, a], of)
        expect(d(0, 2)).toBeLessThan(1e-3)
        expect(d(0, 1)).toBeGreaterThanOrEqual((of.lambda * plain.euclideanDistance(a, b)) / 2 - 1e-3)
      }),
    )
  })

  it('stays in [0, 1] and symmetric with Jeffreys, which is no metric', () => {
    fc.assert(
      fc.property(three, settings, (rows, of) => {
        const d = between(rows, { ...of, divergence: 'jeffreys' })
        expect(d(0, 1)).toBe(d(1, 0))
        expect(d(0, 1)).toBeGreaterThanOrEqual(0)
        expect(d(0, 1)).toBeLessThanOrEqual(1 + 1e-3)
      }),
    )
  })

  const one = {
    labels: [0, 0, 1, 1],
    inputs: [
      [0.5, -1, 2, 0, 1],
      [1, 1, 0, -2, 3],
      [0, 1, -1, 1, 0],
      [2, 0, 1, 1, -1],
    ].map((row) => row),
  }
  const loss = (distance: typeof euclidean, negMargin: number) =>
    evaluate(
      ([embeddings], labels) =>
        contrastive(embeddings as tf.Tensor2D, labels, distance, { posMargin: 0, negMargin }),
      { labels: one.labels, inputs: [one.inputs] },
    )

  it('is half the Euclidean distance at lambda 1, and a loss by it half the loss at half the margins', () => {
    const halved = loss(ghmDistance({ lambda: 1, temperature: 1, divergence: 'js' }), 0.5)
    const whole = loss(euclidean, 1)
    expect(halved.value).toBeCloseTo(whole.value / 2, 6)
    const half = whole.gradients.flat().map((row) => row.map((x) => x / 2))
    expect(largestDifference(halved.gradients.flat(), half)).toBeLessThan(1e-6)
  })

  it('is that of the distributions alone at lambda 0', () => {
    const d = between(one.inputs, { lambda: 0, temperature: 2, divergence: 'js' })
    expect(d(0, 1)).toBeCloseTo(plain.ghmDistance(0, 2)(one.inputs[0] ?? [], one.inputs[1] ?? []), 12)
  })

  it('keeps near duplicates apart', () => {
    const near = [
      [1, 2, 3, 4, 5],
      [1 + 1e-6, 2, 3, 4, 5],
    ]
    const d = between(near, { lambda: 0.5, temperature: 1, divergence: 'js' })
    const [a = [], b = []] = near
    expect(d(0, 1) / plain.ghmDistance(0.5)(a, b)).toBeCloseTo(1, 1)
  })

  it.each(['js', 'hellinger', 'jeffreys'] as const)(
    'is finite where %s meets a probability of 0',
    (divergence) => {
      const far = [
        [2000, 0, 0, 0, 0],
        [0, 2000, 0, 0, 0],
      ]
      const distance = ghmDistance({ lambda: 0, temperature: 1, divergence })
      const { value, gradients } = evaluate(
        ([embeddings], labels) =>
          contrastive(embeddings as tf.Tensor2D, labels, distance, { posMargin: 0, negMargin: 2 }),
        { labels: [0, 0], inputs: [far] },
      )
      expect(value).toBeCloseTo(1, 5)
      expect(gradients.flat(2).every(Number.isFinite)).toBe(true)
    },
  )
})
