import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src/datasets/random.js'
import { lsd } from '../../../src/losses/regularisers/lsd.js'
import { tf } from '../../../src/tensors/tensorflow.js'
import { checkLoss, evaluate, randomMatrix, type Matrix } from '../check-loss.js'
import * as plain from '../plain.js'

const teacher = randomMatrix(createRandom(99), 8, 6)
const teacherOf = (count: number): Matrix => teacher.slice(0, count)

for (const tau of [1, 0.2]) {
  checkLoss(`listwise self-distillation, tau ${tau}`, {
    ours: ([embeddings], labels) => lsd(embeddings as never, tf.tensor2d(teacherOf(labels.length)), { tau }),
    oracle([rows = []], labels) {
      const own = teacherOf(labels.length)
      const divergence = (i: number): number => {
        const p = plain.softmax(
          rows.map((row) => plain.cosine(row, rows[i] ?? [])),
          tau,
        )
        const q = plain.softmax(
          own.map((row) => plain.cosine(row, own[i] ?? [])),
          tau,
        )
        return plain.sum(q.map((share, j) => share * Math.log(share / (p[j] ?? NaN))))
      }
      return tau ** 2 * plain.mean(rows.map((_, i) => divergence(i)))
    },
  })
}

describe('listwise self-distillation', () => {
  const inputs = [randomMatrix(createRandom(1), 5, 6)]
  const labels = [0, 0, 1, 1, 2]

  it('asks nothing of a student that is its teacher, at whatever length', () => {
    const scaled = inputs[0]?.map((row) => row.map((x) => 3 * x)) ?? []
    const { value, gradients } = evaluate(
      ([embeddings]) => lsd(embeddings as tf.Tensor2D, tf.tensor2d(scaled), { tau: 1 }),
      { inputs, labels },
    )
    expect(value).toBeLessThan(1e-12)
    expect(Math.max(...gradients.flat(2).map(Math.abs))).toBeLessThan(1e-7)
  })

  it('refuses a teacher that is no number, whose loss would look like one', () => {
    const broken = inputs[0]?.map((row) => row.map(() => NaN)) ?? []
    expect(() =>
      evaluate(([embeddings]) => lsd(embeddings as tf.Tensor2D, tf.tensor2d(broken), { tau: 1 }), {
        inputs,
        labels,
      }),
    ).toThrow(expect.objectContaining({ code: 'TRAINING_DIVERGED' }))
  })
})
